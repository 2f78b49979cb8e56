import type { ActionId } from '#core/kernel';

/** Names a step and no other, in any library: what is on its way on a disk bears it. */
export function stepName(library: string, action: ActionId, seq: number): string {
	return `${library}-${action}-${seq}`;
}

/** Whether a library may have named a step so: its id, then two numbers. */
export function isStepName(text: string): boolean {
	return /^[0-9a-f]{32}-\d+-\d+$/.test(text);
}
