import { describe, expect, it } from 'vitest';
import { infoWidthsPx, parseDeviceSettings } from './device-settings.svelte.ts';

const usual = { keys: {}, letters: false, recent: [], infoWidthPx: infoWidthsPx.usual };

describe('settings of a device', () => {
	it.each([null, '', 'nonsense', '7', '[]', '{"keys":4,"recent":{},"infoWidthPx":"wide","letters":"yes"}'])(
		'%s is as the app comes',
		(text) => {
			expect(parseDeviceSettings(text)).toEqual(usual);
		}
	);

	it('keeps what can be used', () => {
		const kept = {
			keys: { 'go.up': ['Alt+U', 4], 'go.path': [] },
			letters: true,
			recent: ['go.up', 1],
			infoWidthPx: 9e9
		};
		expect(parseDeviceSettings(JSON.stringify(kept))).toEqual({
			keys: { 'go.up': ['Alt+U'], 'go.path': [] },
			letters: true,
			recent: ['go.up'],
			infoWidthPx: infoWidthsPx.most
		});
	});
});
