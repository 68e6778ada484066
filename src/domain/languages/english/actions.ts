/** What stands on buttons, forms and menus. Discord takes 80 characters on a button, 45 in a form. */
export const actions = {
  promote: 'Promote this model',
  train: 'Train',
  better: 'Correct',
  older: 'Older',
  newest: 'Newest',
  next: 'Next',
  first: 'Back to the first',
  approve: 'Approve',
  edit: 'Edit',
  reject: 'Reject',
  correctForm: { title: 'Correct this reply', question: 'The question', answer: 'The better answer' },
  reviewForm: { title: 'Edit and approve', question: 'The question', answer: 'The better answer' },
  menu: { correct: 'Correct this reply', history: 'Where does this come from?' },
};
