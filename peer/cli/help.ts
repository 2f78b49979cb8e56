import { configFile, configKeys, libraryDefault, type Environment } from '../config.ts';
import type { Command, CommandGroup, Option } from './command.ts';
import { exitCodes } from './failure.ts';
import { printName, printTable } from './print.ts';

function optionForm(name: string, option: Option): string {
	const short = option.short === undefined ? '    ' : `-${option.short}, `;
	return `  ${short}--${name}${option.type === 'string' ? ` ${option.hint}` : ''}`;
}

function synopsis({ name, operands }: Command): string {
	return operands === '' ? name : `${name} ${operands}`;
}

/** What `atoll <command> --help` prints. */
export function commandHelp(command: Command): string {
	const options = Object.entries(command.options).map(([name, option]) => [optionForm(name, option), option.help]);
	const details = command.details === undefined ? '' : `\n${command.details}\n`;
	const json = command.json === undefined ? '' : `\nWith --json:\n ${command.json}\n`;
	return `atoll ${synopsis(command)} [options]\n\n${command.summary}.\n${details}\n${printTable(options)}${json}`;
}

function sourcesHelp(env: Environment): string {
	return `The library and its password come from the first of these that names them:
  flags        --library FOLDER, --password-file FILE
  environment  ATOLL_LIBRARY, ATOLL_PASSWORD_FILE (also ATOLL_HOST, ATOLL_PORT, ATOLL_HOST_NAMES,
               ATOLL_RELAY, ATOLL_RELAY_AT, ATOLL_NEARBY, ATOLL_TLS, ATOLL_TLS_CERT, ATOLL_TLS_KEY,
               ATOLL_ICE_SERVERS)
  config file  ${printName(configFile(env))}
               (JSON; keys: ${configKeys.join(', ')})
Else the library is ${printName(libraryDefault(env))}
and the password is asked for on the terminal. A password is never part of a command line.
`;
}

const pathsHelp = `Paths: / lists the locations, /<location>/a/b is an entry of the index; a path of the disk inside an
indexed folder works as well.

--json prints exactly one JSON document on standard output. A command that fails without an answer of
its own prints {"failure": {"type", …}}; the words go to standard error. Names in it are text; a byte that is not
UTF-8 is the code point U+EF00 plus the byte. Sizes are bytes, times milliseconds since 1970 (UTC).
`;

/** Columns for what is typed; where that is longer what it does stands below it. */
const typedColumns = 44;

function printCommand(command: Command): string {
	const typed = `  ${synopsis(command)}`;
	const gap =
		typed.length + 2 > typedColumns ? `\n${' '.repeat(typedColumns)}` : ' '.repeat(typedColumns - typed.length);
	return `${typed}${gap}${command.summary}\n`;
}

function printGroup({ title, commands }: CommandGroup): string {
	return `${title}\n${commands.map(printCommand).join('')}`;
}

/** What `atoll --help` prints. */
export function generalHelp(groups: readonly CommandGroup[], env: Environment): string {
	const codes = Object.values(exitCodes).map(({ code, meaning }) => [`  ${code}`, meaning]);
	return `atoll <command> [options]

Atoll keeps an encrypted index of your folders. It changes nothing in them but what you
tell it to, and most of that can be undone: atoll history, atoll undo.

${groups.map(printGroup).join('\n')}
${sourcesHelp(env)}
${pathsHelp}
Exit codes:
${printTable(codes)}
Say atoll <command> --help for its options. atoll --version prints the version.
`;
}
