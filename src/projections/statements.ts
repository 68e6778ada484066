import type { Database } from 'better-sqlite3';
import {
  type Compilable,
  DummyDriver,
  type Expression,
  Kysely,
  type KyselyPlugin,
  OperationNodeTransformer,
  type SchemableIdentifierNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import type { StoredTables } from './tables.ts';

/** A place in a prepared statement for each of a row's values. */
export type Parameters<Row> = { readonly [Name in keyof Row]: Expression<Row[Name]> };

type Bindable = string | number | null;

/** Stands in a compiled query where a value will be bound. */
class Parameter {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** So many rows in one statement take little more than half the time of a statement for each. */
const ROWS_AT_ONCE = 10;

/**
 * The prepared statements that projections write one generation with. Kysely builds and types each query, which
 * is compiled once, at its first use: compiling it for every event would take longer than running it.
 */
export class Statements {
  readonly #database: Database;
  readonly #generation: number;
  readonly #query: Kysely<StoredTables>;
  readonly #unwritten: (() => void)[] = [];

  constructor(database: Database, generation: number) {
    this.#database = database;
    this.#generation = generation;
    this.#query = compilerOf<StoredTables>(generation);
  }

  /** @returns a function that inserts a whole row that is not there yet, and gives the number of rows inserted */
  insert<Table extends keyof StoredTables>(table: Table): (row: StoredTables[Table]) => number {
    return this.#run(() => this.#insertInto(table, 1));
  }

  /** @returns a function that adds a new row, which is there to be found after `finish` */
  append<Table extends keyof StoredTables>(table: Table): (row: StoredTables[Table]) => void {
    const many = atFirstUse(() => this.#prepareMany(table));
    const one = this.#run<StoredTables[Table]>(() => this.#insertInto(table, 1));
    let rows: StoredTables[Table][] = [];
    this.#unwritten.push(() => {
      for (const row of rows) one(row);
      rows = [];
    });
    return (row) => {
      rows.push(row);
      if (rows.length < ROWS_AT_ONCE) return;
      many()(rows);
      rows = [];
    };
  }

  /** @returns a function that runs the query and gives the number of rows changed */
  change<Values extends object>(
    build: (query: Kysely<StoredTables>, values: Parameters<Values>) => Compilable,
  ): (values: Values) => number {
    return this.#run(() => build(this.#query, parametersOf<Values>()));
  }

  /** @returns a function that gives the first row, if there is one */
  find<Values extends object, Row>(
    build: (query: Kysely<StoredTables>, values: Parameters<Values>) => Compilable<Row>,
  ): (values: Values) => Row | undefined {
    const prepared = atFirstUse(() => this.#prepare(build(this.#query, parametersOf<Values>())));
    return (values) => {
      const { statement, names } = prepared();
      return statement.get(valuesOf([values], names));
    };
  }

  /** Writes the rows that were appended and are not written yet. */
  finish(): void {
    for (const write of this.#unwritten) write();
  }

  #run<Values extends object>(build: () => Compilable): (values: Values) => number {
    const prepared = atFirstUse(() => this.#prepare(build()));
    return (values) => {
      const { statement, names } = prepared();
      return statement.run(valuesOf([values], names)).changes;
    };
  }

  #prepareMany(table: keyof StoredTables): (rows: readonly object[]) => void {
    const columns = this.#columnsOf(table);
    const statement = this.#database.prepare(this.#insertInto(table, ROWS_AT_ONCE).compile().sql);
    return (rows) => void statement.run(valuesOf(rows, columns));
  }

  #prepare<Row>(query: Compilable<Row>) {
    const { sql: text, parameters } = query.compile();
    const names = parameters.map((parameter) => {
      if (parameter instanceof Parameter) return parameter.name;
      throw new TypeError(`a value stands in the statement where a parameter belongs: ${text}`);
    });
    return { statement: this.#database.prepare<[unknown[]], Row>(text), names };
  }

  #insertInto(table: keyof StoredTables, rows: number): Compilable {
    const columns = this.#columnsOf(table);
    const row = Object.fromEntries(columns.map((name) => [name, parameter(name)]));
    return compilerOf<Record<string, Record<string, unknown>>>(this.#generation)
      .insertInto(table)
      .values(Array(rows).fill(row))
      .onConflict((conflict) => conflict.doNothing());
  }

  #columnsOf(table: keyof StoredTables): string[] {
    const columns = this.#database.prepare<[string], string>('SELECT name FROM pragma_table_info(?)');
    return columns.pluck().all(tableName(this.#generation, table));
  }
}

/** Most of the times that the bot runs write to a few tables; to compile for all of them would hold up its start. */
function atFirstUse<Made>(make: () => Made): () => Made {
  let made: { readonly it: Made } | undefined;
  return () => {
    made ??= { it: make() };
    return made.it;
  };
}

function valuesOf(rows: readonly object[], names: readonly string[]): Bindable[] {
  const values: Bindable[] = [];
  for (const row of rows) {
    // Only names of its own columns are looked up, and the row types say that they are there.
    const columns = row as Readonly<Record<string, Bindable>>;
    for (const name of names) values.push(columns[name] as Bindable);
  }
  return values;
}

/** The stored name of a generation's table. */
export function tableName(generation: number, table: string): string {
  return `g${generation}_${table}`;
}

function parametersOf<Values>(): Parameters<Values> {
  const places = new Proxy({}, { get: (_, name) => parameter(String(name)) });
  // Whatever name is asked for, there is a place for it.
  return places as Parameters<Values>;
}

function parameter<Value>(name: string): Expression<Value> {
  return sql<Value>`${new Parameter(name)}`;
}

function compilerOf<Schema>(generation: number): Kysely<Schema> {
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
    plugins: [tablesOf(generation)],
  });
}

function tablesOf(generation: number): KyselyPlugin {
  const transformer = new TableNames(generation);
  return {
    transformQuery: ({ node, queryId }) => transformer.transformNode(node, queryId),
    transformResult: async ({ result }) => result,
  };
}

class TableNames extends OperationNodeTransformer {
  readonly #generation: number;

  constructor(generation: number) {
    super();
    this.#generation = generation;
  }

  protected override transformSchemableIdentifier(node: SchemableIdentifierNode): SchemableIdentifierNode {
    const { name } = node.identifier;
    // SQLite's own name for the row that could not be inserted.
    if (name === 'excluded') return node;
    return { ...node, identifier: { ...node.identifier, name: tableName(this.#generation, name) } };
  }
}
