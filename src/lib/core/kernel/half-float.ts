/** 16-bit floats (IEEE 754 binary16): 1 bit of sign, 5 of exponent with a bias of 15, 10 of fraction. */

/** The number that `bits` stand for. */
export function halfToNumber(bits: number): number {
	const sign = bits & 0x8000 ? -1 : 1;
	const exponent = (bits >> 10) & 0x1f;
	const fraction = bits & 0x3ff;
	if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
	if (exponent === 0) return sign * fraction * 2 ** -24;
	return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The bits that stand for exactly `value`, or null where there are none; of the many for NaN the quiet one. */
export function numberToHalf(value: number): number | null {
	if (Number.isNaN(value)) return 0x7e00;
	const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
	const size = Math.abs(value);
	if (size === Infinity) return sign | 0x7c00;
	if (size < 2 ** -14) {
		const fraction = size * 2 ** 24;
		return Number.isInteger(fraction) ? sign | fraction : null;
	}
	if (size > 65_504) return null;
	// Exact in 64 bits, as the exponent lies between -14 and 15.
	const exponent = Math.floor(Math.log2(size));
	const fraction = (size / 2 ** exponent - 1) * 1024;
	return Number.isInteger(fraction) ? sign | ((exponent + 15) << 10) | fraction : null;
}
