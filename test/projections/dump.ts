import Database from 'better-sqlite3';

/** Every row of the active generation as it is stored, table by table, and the names of its indexes. */
export function dump(file: string): Record<string, unknown[]> {
  const database = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const active = database.prepare('SELECT number FROM generations WHERE active = 1').pluck().get();
    const named = database.prepare<[string, string], string>(
      'SELECT name FROM sqlite_schema WHERE type = ? AND name GLOB ? ORDER BY name',
    );
    const prefix = `g${active}_`;
    const tables = named.pluck().all('table', `${prefix}*`);
    const contents = tables.map((table): [string, unknown[]] => {
      const columns = database.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck();
      const order = columns.all(table).join(', ');
      const rows = database.prepare(`SELECT * FROM ${table} ORDER BY ${order}`).all();
      return [table.slice(prefix.length), rows];
    });
    const indexes = named.all('index', `${prefix}*`).map((name) => name.slice(prefix.length));
    return { ...Object.fromEntries(contents), indexes };
  } finally {
    database.close();
  }
}

/** The numbers of the generations that have tables in the file. */
export function generationsIn(file: string): string[] {
  const database = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const tables = database
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .pluck();
    const numbers = tables.all().flatMap((name) => /^g(\d+)_/.exec(name)?.[1] ?? []);
    return [...new Set(numbers)];
  } finally {
    database.close();
  }
}
