import encodeQr from 'qr';

/** Clear squares around a code, without which cameras do not find it (ISO/IEC 18004, section 6.3.8). */
const quietZone = 4;

/** A QR code as an SVG path of unit squares in a square of `size`, the clear edge included. */
export type QrDrawing = { readonly path: string; readonly size: number };

/** The QR code of a text, which survives the loss of 15 % of it. Draws each row as runs. */
export function drawQr(text: string): QrDrawing {
	const rows = encodeQr(text, 'raw', { ecc: 'medium', border: quietZone });
	const runs = rows.flatMap((row, y) => {
		const starts = row.flatMap((isDark, x) => (isDark && row[x - 1] !== true ? [x] : []));
		return starts.map((x) => {
			const end = row.indexOf(false, x);
			const width = (end === -1 ? row.length : end) - x;
			return `M${x} ${y}h${width}v1h-${width}z`;
		});
	});
	return { path: runs.join(''), size: rows.length };
}
