import { describe, expect, it } from 'vitest';
import { dropKeys, judgeDrop, type Dragged, type DropPlace, type DropTarget } from './drop-rules.ts';

const home: DropPlace = { location: 1, volume: 7, isAway: false, isReadOnly: false };
const plain = { copies: false, moves: false };
const copies = { copies: true, moves: false };
const moves = { copies: false, moves: true };

/** Entries 20 and 21 of folder 10. */
function drag(more: Partial<Dragged> = {}): Dragged {
	return { ids: Float64Array.of(20, 21), from: 10, places: [home], ...more };
}

/** Folder 30, in folder 10. */
function into(more: Partial<DropPlace> = {}, trail: readonly number[] = [1, 10, 30]): DropTarget {
	return { trail, place: { ...home, ...more } };
}

const cannot = (why: string) => ({ type: 'cannot', why });

describe('moving or copying', () => {
	it('moves within a folder of the library, and within a disk', () => {
		expect(judgeDrop(drag(), into(), plain)).toEqual({ type: 'can', transfer: 'move', by: 'same-disk' });
		expect(judgeDrop(drag(), into({ location: 2 }), plain)).toMatchObject({ transfer: 'move', by: 'same-disk' });
		const untold = { ...home, volume: null };
		expect(judgeDrop(drag({ places: [untold] }), into({ volume: null }), plain)).toMatchObject({ transfer: 'move' });
	});

	it('copies to another disk, and to what is not known to be the same one', () => {
		const copied = { type: 'can', transfer: 'copy', by: 'other-disk' };
		expect(judgeDrop(drag(), into({ location: 2, volume: 8 }), plain)).toEqual(copied);
		expect(judgeDrop(drag(), into({ location: 2, volume: null }), plain)).toEqual(copied);
		const untold = { ...home, volume: null };
		expect(judgeDrop(drag({ places: [untold] }), into({ location: 2, volume: null }), plain)).toEqual(copied);
		// of several sources one that lies elsewhere is enough
		const places = [home, { ...home, location: 3, volume: 9 }];
		expect(judgeDrop(drag({ places }), into(), plain)).toEqual(copied);
	});

	it('does what the keys say, and copies where both are held', () => {
		expect(judgeDrop(drag(), into(), copies)).toEqual({ type: 'can', transfer: 'copy', by: 'key' });
		expect(judgeDrop(drag(), into({ location: 2, volume: 8 }), moves)).toMatchObject({ transfer: 'move', by: 'key' });
		expect(judgeDrop(drag(), into(), { copies: true, moves: true })).toMatchObject({ transfer: 'copy' });
	});

	it('knows the keys of both kinds of machines', () => {
		const held = { ctrlKey: false, altKey: false, shiftKey: false, metaKey: false };
		expect(dropKeys({ ...held, ctrlKey: true }, false)).toEqual(copies);
		expect(dropKeys({ ...held, altKey: true }, false)).toEqual(copies);
		expect(dropKeys({ ...held, shiftKey: true }, false)).toEqual(moves);
		expect(dropKeys({ ...held, altKey: true }, true)).toEqual(copies);
		expect(dropKeys({ ...held, metaKey: true }, true)).toEqual(moves);
		expect(dropKeys({ ...held, shiftKey: true, ctrlKey: true }, true)).toEqual(plain);
	});
});

describe('where there can be no drop', () => {
	it('is what is dragged itself, and all below it, also for a copy', () => {
		for (const keys of [plain, copies]) {
			expect(judgeDrop(drag(), into({}, [1, 10, 20]), keys)).toEqual(cannot('inside-itself'));
			expect(judgeDrop(drag(), into({}, [1, 10, 21, 40, 50]), keys)).toEqual(cannot('inside-itself'));
		}
	});

	it('is where it lies already; a copy beside it is another thing', () => {
		expect(judgeDrop(drag(), into({}, [1, 10]), plain)).toEqual(cannot('already-there'));
		expect(judgeDrop(drag(), into({}, [1, 10]), copies)).toMatchObject({ type: 'can', transfer: 'copy' });
		expect(judgeDrop(drag({ from: null }), into({}, [1, 10]), plain)).toMatchObject({ type: 'can' });
	});

	it('is what cannot be reached, at either end', () => {
		const away = { ...home, isAway: true };
		expect(judgeDrop(drag({ places: [away] }), into(), copies)).toEqual(cannot('source-away'));
		expect(judgeDrop(drag(), into({ location: 2, isAway: true }), copies)).toEqual(cannot('target-away'));
	});

	it('is what may only be read; what lies there can be copied, and is by itself', () => {
		expect(judgeDrop(drag(), into({ location: 2, isReadOnly: true }), plain)).toEqual(cannot('target-read-only'));
		const places = [{ ...home, isReadOnly: true }];
		expect(judgeDrop(drag({ places }), into({ location: 2 }), plain)).toMatchObject({
			transfer: 'copy',
			by: 'read-only'
		});
		expect(judgeDrop(drag({ places }), into({ location: 2 }), moves)).toEqual(cannot('source-read-only'));
	});

	it('is a folder that has gone meanwhile', () => {
		expect(judgeDrop(drag(), { trail: [], place: null }, plain)).toEqual(cannot('target-gone'));
		expect(judgeDrop(drag(), { trail: [1, 10, 30], place: null }, plain)).toEqual(cannot('target-gone'));
	});
});
