import { z } from 'zod';
import { REGISTER_KINDS } from '../registers/kinds.table.ts';
import { FactsSchema } from '../transfer/facts.ts';
import { type CliIo, EXIT, type ExitStatus } from './cli-io.ts';

/** `tongguan decide --schema`: the form of a facts file as JSON Schema. What contradicts itself passes it, and is a fault all the same. */
export function factsSchemaCommand(io: Pick<CliIo, 'out'>): ExitStatus {
  return print(FactsSchema, io);
}

/**
 * `tongguan register KIND schema`: the form of one entry as JSON Schema.
 *
 * @param kind - one of `tongguan register kinds`
 */
export function registerSchemaCommand(kind: string, io: Pick<CliIo, 'out'>): ExitStatus {
  const of = REGISTER_KINDS.find(({ id }) => id === kind);
  return of === undefined ? EXIT.usage : print(of.schema, io);
}

function print(schema: z.ZodType, io: Pick<CliIo, 'out'>): ExitStatus {
  io.out(JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), null, 2));
  return EXIT.done;
}
