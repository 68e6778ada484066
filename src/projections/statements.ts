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

/**
 * The prepared statements that projections write one generation with. Kysely builds and types each query, which
 * is compiled once: compiling it for every event would take longer than running it.
 */
export class Statements {
  readonly #database: Database;
  readonly #generation: number;
  readonly #query: Kysely<StoredTables>;

  constructor(database: Database, generation: number) {
    this.#database = database;
    this.#generation = generation;
    this.#query = compilerOf<StoredTables>(generation);
  }

  /** Inserts whole rows; a row that is there already stays as it is. */
  insert<Table extends keyof StoredTables>(table: Table): (row: StoredTables[Table]) => number {
    const columns = this.#columnsOf(tableName(this.#generation, table));
    const values = Object.fromEntries(columns.map((name) => [name, parameter(name)]));
    const query = compilerOf<Record<string, Record<string, unknown>>>(this.#generation);
    return this.#run(
      query
        .insertInto(table)
        .values(values)
        .onConflict((conflict) => conflict.doNothing()),
    );
  }

  /** @returns a function that runs the query and gives the number of rows changed */
  change<Values extends object>(
    build: (query: Kysely<StoredTables>, values: Parameters<Values>) => Compilable,
  ): (values: Values) => number {
    return this.#run(build(this.#query, parametersOf<Values>()));
  }

  /** @returns a function that gives the first row, if there is one */
  find<Values extends object, Row>(
    build: (query: Kysely<StoredTables>, values: Parameters<Values>) => Compilable<Row>,
  ): (values: Values) => Row | undefined {
    const { statement, bind } = this.#prepare<Row>(build(this.#query, parametersOf<Values>()));
    return (values) => statement.get(bind(values));
  }

  #run<Values extends object>(query: Compilable): (values: Values) => number {
    const { statement, bind } = this.#prepare(query);
    return (values) => statement.run(bind(values)).changes;
  }

  #prepare<Row>(query: Compilable<Row>) {
    const { sql: text, parameters } = query.compile();
    const constants = parameters.map((value) => (value instanceof Parameter ? null : value));
    const names = parameters.map((value) => (value instanceof Parameter ? value.name : null));
    const statement = this.#database.prepare<[unknown[]], Row>(text);
    const bind = (values: object) => {
      // Only names of its own parameters are looked up, and the row types say that they are there.
      const row = values as Readonly<Record<string, Bindable>>;
      return names.map((name, index) => (name === null ? constants[index] : row[name]));
    };
    return { statement, bind };
  }

  #columnsOf(table: string): string[] {
    const columns = this.#database.prepare<[string], string>('SELECT name FROM pragma_table_info(?)');
    return columns.pluck().all(table);
  }
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
