import * as z from 'zod';
import { ActionProblem } from '../action.ts';

/** The body of a change, checked. @throws ActionProblem that says what is wrong with it */
export function checked<Shape extends z.ZodType>(schema: Shape, body: unknown): z.output<Shape> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new ActionProblem(400, z.prettifyError(result.error));
}
