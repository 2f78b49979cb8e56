import type { DeviceId } from '#core/kernel';
import type { LinkWay } from '#core/net';
import { printName } from './print.ts';
import type { CoreSession } from './open-library.ts';
import type { Terminal } from './terminal.ts';

/** `through nas.example`, or `directly`. */
function printWay(way: LinkWay): string {
	return way.type === 'direct' ? 'directly' : `through ${printName(new URL(way.relay).hostname)}`;
}

/**
 * Says by what way a device is linked that is, or was, linked through a relay, whenever that is another; until what is
 * returned is called.
 */
export function tellWays(
	{ core, commands, context }: Pick<CoreSession, 'core' | 'commands' | 'context'>,
	terminal: Terminal
) {
	const said = new Map<DeviceId, string>();
	let asking = Promise.resolve();
	const tell = async () => {
		const status = await commands['sync.status']({}, context());
		const listed = status.ok ? await commands['devices.list']({}, context()) : status;
		if (!status.ok || !listed.ok) return;
		for (const { device, link, way } of status.value) {
			if (link !== 'open' || way === null || (way.type === 'direct' && !said.has(device))) continue;
			const words = printWay(way);
			if (said.get(device) === words) continue;
			said.set(device, words);
			const name = listed.value.find(({ id }) => id === device)?.name ?? '';
			terminal.say(`${printName(name || 'A device')} is linked ${words}`);
		}
	};
	return core.subscribe(({ type }) => {
		// What is locked meanwhile has nothing to tell.
		if (type === 'sync-changed') asking = asking.then(tell).catch(() => undefined);
	});
}
