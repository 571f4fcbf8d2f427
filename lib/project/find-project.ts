import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The folders and settings of an application. All paths are absolute. */
export interface Project {
  /** The folder of `cdk.json`. */
  readonly root: string;
  /** Command that starts the CDK app, from `app` in `cdk.json`, such as `node bin/app.ts`. */
  readonly appCommand: string;
  /** `context` of `cdk.json`. */
  readonly context: Readonly<Record<string, unknown>>;
  /** Folder whose `index.ts` exports the contracts. Their published schemas are in its folder `schemas/`. */
  readonly events: string;
  /** Folder that has one folder for each function. */
  readonly lambdas: string;
}

/** The part of a project's package.json that Fanfare reads. */
interface Folders {
  /** @default events */
  readonly events?: string;
  /** @default lambdas */
  readonly lambdas?: string;
}

const CDK_JSON = 'cdk.json';
const PACKAGE_JSON = 'package.json';

/**
 * Finds the project of a folder: the nearest folder with a `cdk.json`, from this folder upwards, as the CDK does. Contracts are in `events/` and
 * functions in `lambdas/`, unless package.json has `"fanfare": { "events": ..., "lambdas": ... }`. These settings are in package.json because
 * every project has one, and because it can be read without running code.
 *
 * @param from folder to begin with. @default - the working directory
 * @throws Error when there is no cdk.json, or cdk.json or package.json is invalid
 */
export function findProject(from: string = process.cwd()): Project {
  const root = findRoot(resolve(from));
  if (root === undefined) {
    throw new Error(`there is no ${CDK_JSON} in ${from} or above it; run this in the folder of your app`);
  }
  const { app, context } = readObject(join(root, CDK_JSON));
  if (typeof app !== 'string' || app === '') {
    throw new Error(
      `${join(root, CDK_JSON)} has no "app"; set it to the command that starts the app, such as "node bin/app.ts"`,
    );
  }
  const folders = readFolders(root);
  return {
    root,
    appCommand: app,
    context: isObject(context) ? context : {},
    events: resolve(root, folders.events ?? 'events'),
    lambdas: resolve(root, folders.lambdas ?? 'lambdas'),
  };
}

/**
 * The context of the nearest cdk.json, from a folder upwards; empty when there is none.
 *
 * @param from where to begin. @default - the working directory
 * @throws Error when the file is no JSON object
 */
export function findContext(from: string = process.cwd()): Readonly<Record<string, unknown>> {
  const root = findRoot(resolve(from));
  if (root === undefined) return {};
  const { context } = readObject(join(root, CDK_JSON));
  return isObject(context) ? context : {};
}

function findRoot(folder: string): string | undefined {
  if (existsSync(join(folder, CDK_JSON))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : findRoot(parent);
}

function readFolders(root: string): Folders {
  const file = join(root, PACKAGE_JSON);
  if (!existsSync(file)) return {};
  const { fanfare = {} } = readObject(file);
  if (!isObject(fanfare))
    throw new Error(`"fanfare" in ${file} is not an object; write { "events": ..., "lambdas": ... }`);
  return { ...readFolder(file, fanfare, 'events'), ...readFolder(file, fanfare, 'lambdas') };
}

function readFolder(file: string, fanfare: Readonly<Record<string, unknown>>, name: keyof Folders): Folders {
  const value = fanfare[name];
  if (value === undefined) return {};
  if (typeof value === 'string' && value !== '') return { [name]: value };
  throw new Error(
    `"${name}" under "fanfare" in ${file} is not a path; write a path relative to that file, such as "src/${name}"`,
  );
}

function readObject(file: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file} cannot be read as JSON`, { cause });
  }
  if (isObject(value)) return value;
  throw new Error(`${file} does not contain a JSON object`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
