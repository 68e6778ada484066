/** Something that was to be written. */
export type Unwritten =
  | { readonly kind: 'file' | 'archive'; readonly path: string }
  | { readonly kind: 'content' | 'folder' };

/** What was looked for at a path. */
type Sought = 'file' | 'directory' | 'file or directory';

const advice = 'give a path below datasets, archives or exports, such as datasets/faq.jsonl';

function nameOf(unwritten: Unwritten): string {
  switch (unwritten.kind) {
    case 'file':
      return `The file ${unwritten.path}`;
    case 'archive':
      return `The archive of ${unwritten.path}`;
    case 'content':
      return 'The content';
    case 'folder':
      return 'A folder of the data directory';
  }
}

/** What can go wrong with the files that people name and those that the bot writes. */
export const workspace = {
  path: {
    empty: `The path is empty; ${advice}.`,
    nul: `The path holds a NUL character; ${advice}.`,
    backslash: (path: string) =>
      `The path ${path} holds a backslash; separate its names with / and ${advice}.`,
    absolute: (path: string) => `The path ${path} is absolute; ${advice}.`,
    home: (path: string) => `The path ${path} begins with ~, which stands for nothing here; ${advice}.`,
    upwards: (path: string) => `The path ${path} holds .., which may lead outside; ${advice}.`,
    tooLong: (path: string) => `The path ${path} is too long; use shorter names.`,
  },
  missing: {
    inFolder: ({ sought, path, place }: { sought: Sought; path: string; place: string }) =>
      `There is no ${sought} ${path}; files are looked for in ${place}.`,
    elsewhere: ({ sought, path, elsewhere }: { sought: Sought; path: string; elsewhere: string }) =>
      `There is no ${sought} ${path} in datasets; did you mean ${elsewhere}?`,
    anywhere: ({ sought, path, place }: { sought: Sought; path: string; place: string }) =>
      `There is no ${sought} ${path} in datasets, archives or exports; put it into ${place}.`,
  },
  neither: (path: string) => `${path} is neither a file nor a directory; name one that is.`,
  isDirectory: (path: string) => `${path} is a directory, and a file is meant; name a file in it.`,
  isFile: (path: string) => `${path} is a file, and a directory is meant; name the directory it is in.`,
  outside: (path: string) =>
    `${path} is a link that leads out of datasets, archives and exports; put a copy of the file there instead.`,
  gone: (path: string) => `${path} is no longer there; list the directory and try again.`,
  forbidden: (path: string) => `${path} may not be read by this program; change its permissions.`,
  circle: (path: string) => `${path} leads through links in a circle; put the file itself there.`,
  circleBelow: (path: string) => `${path} leads through links in a circle; take the link away.`,
  unreadable: ({ path, code }: { path: string; code: string }) =>
    `${path} cannot be read (${code}); check the disk that it is on.`,
  changed: (path: string) =>
    `${path} was changed while it was being read; try again when nothing writes to it.`,
  noFile: (path: string) => `There is no file in ${path}; put one there or name another directory.`,
  tooManyFiles: (most: number) => `There are more than ${most} files; name a directory with fewer.`,
  strangeName: ({ directory, name }: { directory: string; name: string }) =>
    `${directory} holds a file whose name ${name} has a backslash or is not UTF-8; rename it.`,
  exportName: (name: string) =>
    `An export cannot be called ${name}; give a name without / that does not begin with a dot.`,
  directoryInTheWay: (path: string) => `${path} is a directory; take it away or choose another name.`,
  fileInTheWay: ({ root, folders }: { root: string; folders: string }) =>
    `${root} has a file where the directories ${folders} belong; move it away.`,
  unwritten: {
    full: (what: Unwritten) =>
      `${nameOf(what)} was not written because the disk is full; free some space and try again.`,
    forbidden: ({ what, code }: { what: Unwritten; code: string }) =>
      `${nameOf(what)} was not written because the program may not write there (${code}); change the permissions of the data directory.`,
    nameTooLong: (what: Unwritten) =>
      `${nameOf(what)} was not written because its name is too long; choose a shorter one.`,
  },
  archiveUnlike: ({ path, why }: { path: string; why: string | null }) =>
    `The archive was thrown away because ${path} could not be read back as it was${why === null ? '' : ` (${why})`}; check the disk and try again.`,
};
