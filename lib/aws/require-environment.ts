/**
 * Reads an environment variable that the stack sets.
 *
 * @throws Error that names the variable when it is absent or empty
 */
export function requireEnvironment(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`environment variable ${name} is not set; the function's stack has to set it`);
  return value;
}
