import { err, ok, type Result } from '#core/kernel';
import type { Command, CommandGroup } from './command.ts';
import { exitCodes, type AnyFailure } from './failure.ts';
import { commandHelp, generalHelp } from './help.ts';
import { printJson } from './print.ts';
import type { Shell } from './shell.ts';
import { failureToWords } from './words.ts';

/** The command that `argv` begins with, and what follows its name. */
function findCommand(
	commands: readonly Command[],
	argv: readonly string[]
): Result<{ readonly command: Command; readonly rest: readonly string[] }, AnyFailure> {
	const command = commands.find(({ name }) => name.split(' ').every((word, at) => argv[at] === word));
	if (command !== undefined) return ok({ command, rest: argv.slice(command.name.split(' ').length) });
	const [first = ''] = argv;
	const family = commands.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => `atoll ${name}`);
	const problem =
		family.length > 0
			? `Say ${family.join(' or ')}.`
			: first.startsWith('-')
				? `The command comes first, then its options: "${first}" is none.`
				: `There is no command "${first}".`;
	return err({ type: 'UsageWrong', command: null, problem });
}

/** Whether an option stands before `--`, which ends the options. */
function hasFlag(argv: readonly string[], flags: readonly string[]): boolean {
	const end = argv.indexOf('--');
	return (end < 0 ? argv : argv.slice(0, end)).some((argument) => flags.includes(argument));
}

async function runCommand(command: Command, rest: readonly string[], shell: Shell): Promise<Result<null, AnyFailure>> {
	try {
		return await command.run(rest, shell);
	} catch (thrown) {
		// The core answers an abort by throwing its reason; whatever else is thrown is a defect.
		if (shell.signal.aborted) return err({ type: 'Interrupted' });
		throw thrown;
	}
}

function fail(failure: AnyFailure, asJson: boolean, { terminal }: Shell): number {
	const { what, next, exit } = failureToWords(failure);
	// One document and no more: some commands have their failures in their answer.
	if (asJson && !terminal.hasAnswered()) terminal.out(printJson({ failure }));
	terminal.say(`atoll: ${what}\n${next}`);
	return exit.code;
}

/** Runs the command line `argv` and says how the process should end. */
export async function run(groups: readonly CommandGroup[], argv: readonly string[], shell: Shell): Promise<number> {
	const commands = groups.flatMap((group) => group.commands);
	const { terminal, env, version } = shell;
	const [first, ...others] = argv;
	if (first === '--version' || first === '-V') {
		terminal.out(`atoll ${version}\n`);
		return exitCodes.done.code;
	}
	const asksHelp = first === 'help' || hasFlag(argv, ['--help', '-h']);
	const named = first === 'help' ? others : argv;
	if (first === undefined || (asksHelp && (named.length === 0 || named[0]?.startsWith('-') === true))) {
		terminal.out(generalHelp(groups, env));
		return first === undefined ? exitCodes.usage.code : exitCodes.done.code;
	}
	const found = findCommand(commands, named);
	if (!found.ok) return fail(found.failure, hasFlag(argv, ['--json']), shell);
	const { command, rest } = found.value;
	if (asksHelp) {
		terminal.out(commandHelp(command));
		return exitCodes.done.code;
	}
	const asJson = 'json' in command.options && hasFlag(rest, ['--json']);
	const ended = await runCommand(command, rest, shell);
	return ended.ok ? exitCodes.done.code : fail(ended.failure, asJson, shell);
}
