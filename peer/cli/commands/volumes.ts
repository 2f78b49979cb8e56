import { ok } from '#core/kernel';
import { nameOfVolume, type Location, type Volume } from '#core/volumes';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import { isHere } from '../find-location.ts';
import { lookForVolumes } from '../look-for-volumes.ts';
import { movedToText, sayArrived } from '../moved-disks.ts';
import { withLibrary } from '../open-library.ts';
import { printJson, printMinute, printName, printSize, printTable } from '../print.ts';

const kinds = {
	internal: 'inside',
	removable: 'removable',
	network: 'network',
	cloud: 'cloud',
	memory: 'memory',
	browser: 'browser',
	'picked-folder': 'picked folder',
	unknown: 'unknown'
} as const satisfies Readonly<Record<Volume['kind'], string>>;

/** Bytes in a second as people say them. */
export function speedToText({ speed }: Pick<Volume, 'speed'>): string {
	if (speed === null) return '-';
	return `${printSize(speed.bytesPerSecond)}/s${speed.isDirect ? '' : ' (perhaps from memory)'}`;
}

/** What a person calls a volume, else what it is known by. */
export function volumeName(volume: Volume): string {
	return printName(nameOfVolume(volume) ?? volume.identity);
}

function volumeToJson(volume: Volume, locations: readonly Location[]) {
	const { id, key, identity, name, label, kind, fileSystem, medium, capacityBytes, freeBytes, speed, seenMs } = volume;
	const { isOwnIdentity: ownIdentity, physicalClass, isOnline: online } = volume;
	const facts = { id, key, identity, ownIdentity, name, label, kind, fileSystem, medium };
	const held = locations.filter(({ place }) => place?.volume === id).map((location) => location.name);
	return { ...facts, capacityBytes, freeBytes, speed, class: physicalClass, online, seenMs, locations: held };
}

function roomToText({ capacityBytes, freeBytes }: Volume): string {
	if (capacityBytes === null || freeBytes === null) return '-';
	return `${printSize(freeBytes)} free of ${printSize(capacityBytes)}`;
}

function volumeToCells(volume: Volume, locations: readonly Location[]): string[] {
	const users = locations.filter(({ place }) => place?.volume === volume.id);
	const held = users.map(({ name }) => `/${printName(name)}`);
	const moved = users.some(isHere) ? undefined : users.map(movedToText).find((text) => text !== null);
	return [
		String(volume.id),
		volumeName(volume),
		kinds[volume.kind],
		volume.fileSystem === null ? '-' : printName(volume.fileSystem),
		roomToText(volume),
		volume.physicalClass ?? '-',
		speedToText(volume),
		moved ?? (volume.isOnline ? 'online' : `offline since ${printMinute(volume.seenMs)}`),
		held.join(' ')
	];
}

export const volumes = defineCommand({
	name: 'volumes',
	operands: '',
	operandsMin: 0,
	operandsMax: 0,
	summary: 'List the disks that the folders of the library lie on',
	details: `A disk is known by the identity of its filesystem, wherever it is mounted. One without ("ownIdentity":
false) is known by what it was mounted from, and is not found elsewhere.`,
	json: `{"volumes": [{"id", "key", "identity", "ownIdentity", "name", "label", "kind", "fileSystem", "medium",
 "capacityBytes", "freeBytes", "speed": {"bytesPerSecond", "isDirect"}, "class", "online", "seenMs",
 "locations": []}]}; what is not known is null`,
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, shell }) =>
		withLibrary('volumes', values, shell, async (library) => {
			const { commands, context } = library;
			const looked = await lookForVolumes(library);
			if (!looked.ok) return looked;
			const [known, locations] = [
				await commands['volumes.list']({}, context()),
				await commands['locations.list']({}, context())
			];
			if (!known.ok) return known;
			if (!locations.ok) return locations;
			const { terminal } = shell;
			if (values.json === true)
				terminal.out(printJson({ volumes: known.value.map((volume) => volumeToJson(volume, locations.value)) }));
			else if (known.value.length === 0) terminal.say('No disks yet: add a folder. atoll add <folder>');
			else
				terminal.out(
					printTable(
						known.value.map((volume) => volumeToCells(volume, locations.value)),
						{ right: [0] }
					)
				);
			return values.json === true ? ok(null) : sayArrived(library, terminal);
		})
});
