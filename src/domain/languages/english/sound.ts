/** Of speech that is made, and of sound that people send. */
export const sound = {
  threads: {
    tooSlow: 'This sound took too long to work on; try a shorter one.',
    broken: 'The sound could not be made; try again.',
    busy: 'Too much sound is worked on at the moment; try again in a minute.',
    closing: 'The bot is about to stop; try again in a minute.',
    cancelled: 'The work on this sound was cancelled.',
  },
};
