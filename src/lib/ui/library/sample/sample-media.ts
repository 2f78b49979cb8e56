/** Small real pictures and sounds, drawn instead of shipped. */

const palettes = [
	['#f4b98a', '#d9714e', '#7b3f4c'],
	['#bcd7ee', '#6e94b8', '#33475f'],
	['#cfe3a8', '#7da45c', '#3f5a3a']
] as const;

/** A JPEG of hills under a sky; `seed` (0 to 1) shapes them, `mood` picks the colours. */
export async function drawLandscape(seed: number, mood: number): Promise<Blob> {
	const [width, height] = [192, 128];
	const canvas = new OffscreenCanvas(width, height);
	const pen = canvas.getContext('2d');
	const colours = palettes[mood % palettes.length] ?? palettes[0];
	if (pen !== null) {
		pen.fillStyle = colours[0];
		pen.fillRect(0, 0, width, height);
		pen.fillStyle = '#fff6e5';
		pen.beginPath();
		pen.arc(width * (0.2 + 0.6 * seed), height * 0.3, 9 + seed * 8, 0, Math.PI * 2);
		pen.fill();
		for (const [layer, colour] of [colours[1], colours[2]].entries()) {
			pen.fillStyle = colour;
			pen.beginPath();
			pen.moveTo(0, height);
			for (let x = 0; x <= width; x += 6) {
				const hill = Math.sin(x / (18 + 30 * seed) + seed * 40 + layer * 2) * (10 + 14 * seed);
				pen.lineTo(x, height * (0.55 + 0.2 * layer) + hill);
			}
			pen.lineTo(width, height);
			pen.fill();
		}
	}
	return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 });
}

/** A third of a second of a fading tone: 8-bit mono WAV (RIFF). */
export function toneWave(hertz: number): ArrayBuffer {
	const rate = 8000;
	const samples = Math.floor(rate / 3);
	const bytes = new ArrayBuffer(44 + samples);
	const view = new DataView(bytes);
	const mark = (at: number, text: string): void => {
		for (let i = 0; i < text.length; i++) view.setUint8(at + i, text.charCodeAt(i));
	};
	mark(0, 'RIFF');
	view.setUint32(4, 36 + samples, true);
	mark(8, 'WAVEfmt ');
	view.setUint32(16, 16, true);
	view.setUint16(20, 1, true);
	view.setUint16(22, 1, true);
	view.setUint32(24, rate, true);
	view.setUint32(28, rate, true);
	view.setUint16(32, 1, true);
	view.setUint16(34, 8, true);
	mark(36, 'data');
	view.setUint32(40, samples, true);
	for (let i = 0; i < samples; i++) {
		const fade = 1 - i / samples;
		view.setUint8(44 + i, 128 + Math.round(90 * fade * Math.sin((2 * Math.PI * hertz * i) / rate)));
	}
	return bytes;
}
