import { parseArgs } from 'node:util';
import { err, ok, type Result } from '#core/kernel';
import type { AnyFailure } from './failure.ts';
import type { Shell } from './shell.ts';

/** One option: what `parseArgs` needs, and what `--help` says. `hint` names the value. */
export type Option =
	| { readonly type: 'boolean'; readonly short?: string; readonly help: string }
	| {
			readonly type: 'string';
			readonly short?: string;
			/** It may be given more than once. */
			readonly multiple?: true;
			readonly hint: string;
			readonly help: string;
	  };
export type Options = Readonly<Record<string, Option>>;

/** What a parsed command line gives for `O`: `true` for a flag, text for the rest, a list for what may be repeated, nothing for what was left out. */
export type OptionValues<O extends Options> = {
	readonly [Name in keyof O]?: O[Name] extends { readonly type: 'boolean' }
		? boolean
		: O[Name] extends { readonly multiple: true }
			? readonly string[]
			: string;
};

export type Given<O extends Options> = {
	readonly values: OptionValues<O>;
	readonly operands: readonly string[];
	readonly shell: Shell;
};

type Description<O extends Options> = {
	/** One word, or two for the commands of a family. */
	readonly name: string;
	/** As `--help` shows them: `<folder>`, `[path]`, `<folder>…`. */
	readonly operands: string;
	readonly operandsMin: number;
	readonly operandsMax: number;
	readonly summary: string;
	/** What else `--help` says: paragraphs of lines up to 100 letters. */
	readonly details?: string;
	/** The shape of the document that `--json` prints. */
	readonly json?: string;
	readonly options: O;
};

/** A command of the table, its parsing closed over. */
export type Command = Description<Options> & {
	/** Runs `argv`, which begins after the command's name. */
	readonly run: (argv: readonly string[], shell: Shell) => Promise<Result<null, AnyFailure>>;
};

const helpOption = { help: { type: 'boolean', short: 'h', help: 'say what the command does' } } as const;

function usage(command: string, problem: string): Result<never, AnyFailure> {
	return err({ type: 'UsageWrong', command, problem });
}

/** The values and operands of `argv`, or what is wrong with them. */
function parse<O extends Options>(
	description: Description<O>,
	argv: readonly string[]
): Result<Omit<Given<O>, 'shell'>, AnyFailure> {
	const { name, operandsMin, operandsMax } = description;
	let parsed;
	try {
		parsed = parseArgs({ args: [...argv], options: description.options, allowPositionals: true, strict: true });
	} catch (thrown) {
		// The parser throws for what a person mistyped, with a code of its own; anything else is a defect.
		if (!(thrown instanceof TypeError && 'code' in thrown && String(thrown.code).startsWith('ERR_PARSE_ARGS')))
			throw thrown;
		return usage(name, `${thrown.message.split('. ')[0]}.`);
	}
	const operands = parsed.positionals;
	if (operands.length < operandsMin) return usage(name, `atoll ${name} wants ${description.operands}.`);
	if (operands.length > operandsMax) return usage(name, `atoll ${name} takes no "${operands[operandsMax]}".`);
	// parseArgs is strict: no other key and no other type is in there.
	return ok({ values: parsed.values as OptionValues<O>, operands });
}

/** Adds a command to what `run` can be given; `--help` is understood by every one. */
export function defineCommand<const O extends Options>(
	description: Description<O> & { readonly run: (given: Given<O>) => Promise<Result<null, AnyFailure>> }
): Command {
	const options = { ...description.options, ...helpOption };
	return {
		...description,
		options,
		run: async (argv, shell) => {
			const parsed = parse<O & typeof helpOption>({ ...description, options }, argv);
			return parsed.ok ? description.run({ ...parsed.value, shell }) : parsed;
		}
	};
}

export const jsonOption = {
	json: { type: 'boolean', help: 'print one JSON document instead of text' }
} as const satisfies Options;

export const libraryOptions = {
	library: { type: 'string', short: 'L', hint: 'FOLDER', help: 'the library' },
	'password-file': { type: 'string', short: 'p', hint: 'FILE', help: 'a file whose first line is its password' },
	'recovery-code-file': { type: 'string', hint: 'FILE', help: 'a file whose first line is its recovery code' }
} as const satisfies Options;

export const serveOptions = {
	port: { type: 'string', hint: 'PORT', help: 'the port; 0 takes any free one (4310)' },
	host: { type: 'string', hint: 'ADDRESS', help: 'the address to listen on (127.0.0.1)' },
	web: { type: 'string', hint: 'FOLDER', help: 'the built app (beside this program)' },
	relay: { type: 'boolean', help: 'let devices of other libraries meet here, too' },
	tls: { type: 'string', hint: 'local-ca', help: 'https by a certificate authority of this machine alone' },
	'tls-cert': {
		type: 'string',
		hint: 'FILE',
		help: 'https by this certificate (PEM); it is read again when it changes'
	},
	'tls-key': { type: 'string', hint: 'FILE', help: 'its key (PEM)' }
} as const satisfies Options;

export const peerOptions = {
	'peer-port': { type: 'string', hint: 'PORT', help: 'the port for devices of this library; 0 takes any free one' },
	'peer-host': { type: 'string', hint: 'ADDRESS', help: 'the address to listen on for them (all)' },
	'relay-at': { type: 'string', hint: 'RELAY', help: 'the relay where devices of this library find this one' },
	'no-nearby': { type: 'boolean', help: 'do not look for devices of this library nearby, nor be found by them' }
} as const satisfies Options;

export const directOptions = {
	'direct-port': {
		type: 'string',
		hint: 'PORT',
		help: 'the UDP port where browsers dial this device directly, or none (that of the app)'
	}
} as const satisfies Options;

/** Commands that belong together, under what `--help` calls them. */
export type CommandGroup = { readonly title: string; readonly commands: readonly Command[] };
