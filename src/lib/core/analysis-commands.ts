import { readQueue } from '#core/analysis';
import type { CoreContext, Joined, Nothing } from './joined.ts';

export function analysisCommands({ opened }: Joined) {
	return {
		/** Contents that wait for each analysis, and what people have said of them. */
		'analysis.queue': async (_input: Nothing, _context: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? rooms.value.database.read(() => readQueue(rooms.value.database)) : rooms;
		}
	};
}
