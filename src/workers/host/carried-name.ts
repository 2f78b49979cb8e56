import { bytesToName, nameToBytes } from '#core/kernel';

/** Letters that stand for bytes in the kernel's names, and so have to be carried as bytes themselves. */
const standsForBytes = /[\uef80-\uefff]/;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** The kernel's name of a handle that is called `name`. */
export function carriedName(name: string): string {
	return standsForBytes.test(name) ? bytesToName(encoder.encode(name)) : name;
}

/** What to ask the browser for, of a name that `carriedName` gave. */
export function handleName(name: string): string {
	return standsForBytes.test(name) ? decoder.decode(nameToBytes(name)) : name;
}
