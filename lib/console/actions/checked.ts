import * as z from 'zod';
import { ActionError } from '../action.ts';

/** Checks the body of a request. @throws ActionError that says what is wrong with the body */
export function checked<Shape extends z.ZodType>(schema: Shape, body: unknown): z.output<Shape> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new ActionError(400, z.prettifyError(result.error));
}
