/** Writes that stream while the browser is killed: one lane each, one write after the other, told apart by their turn. */
export const lanes = ['locations.rename', 'library.change-setting', 'library.rename'] as const;
export type Lane = (typeof lanes)[number];

/** The longest idle time that the settings take, so turns repeat after as many. */
const minutesMax = 1_440;

/** The id of a lane's write: always the same, so that whoever looks can send it again. */
export function commandOf(lane: Lane, turn: number): string {
	return `${lanes.indexOf(lane) + 1}${turn.toString(16).padStart(31, '0')}`;
}

/** What a lane commits in a turn; `quiet` is the location that is renamed. */
export function inputOf(lane: Lane, turn: number, quiet: number): unknown {
	return { action: lane, input: actionInputOf(lane, turn, quiet), plan: null };
}

function actionInputOf(lane: Lane, turn: number, quiet: number): unknown {
	switch (lane) {
		case 'locations.rename':
			return { location: quiet, name: `turn ${turn}` };
		case 'library.change-setting':
			return { setting: 'lockAfterMinutes', to: (turn % minutesMax) + 1 };
		case 'library.rename':
			return { name: `turn ${turn}` };
	}
}

/** The turn that left `minutes`, which is `about` or one of some hundreds after it. */
export function turnOfMinutes(minutes: number, about: number): number {
	const ahead = (minutes - 1 - about) % minutesMax;
	const nearest = ahead > minutesMax / 2 ? ahead - minutesMax : ahead < -minutesMax / 2 ? ahead + minutesMax : ahead;
	return about + nearest;
}
