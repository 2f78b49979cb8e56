/** Looked for in this order: most browsers name others as well, to be taken for them. */
const browsers: readonly (readonly [RegExp, string])[] = [
	[/\bEdg(?:A|iOS)?\//, 'Edge'],
	[/\bOPR\//, 'Opera'],
	[/\bSamsungBrowser\//, 'Samsung Internet'],
	[/\b(?:Firefox|FxiOS)\//, 'Firefox'],
	[/(?:Chrome|Chromium|CriOS)\//, 'Chrome'],
	[/\bSafari\//, 'Safari']
];
const systems: readonly (readonly [RegExp, string])[] = [
	[/\bAndroid\b/, 'Android'],
	[/\biPad\b/, 'iPad'],
	[/\biPhone\b/, 'iPhone'],
	[/\bCrOS\b/, 'ChromeOS'],
	[/\bWindows\b/, 'Windows'],
	[/\bMac OS X\b/, 'macOS'],
	[/\bLinux\b/, 'Linux']
];

function firstOf(names: readonly (readonly [RegExp, string])[], text: string): string | null {
	return names.find(([shape]) => shape.test(text))?.[1] ?? null;
}

/** What a browser is called where nobody has named it: `Chrome on Linux`, by what it sends as `User-Agent`. */
export function deviceName(userAgent: string): string {
	const browser = firstOf(browsers, userAgent) ?? 'Browser';
	const system = firstOf(systems, userAgent);
	return system === null ? browser : `${browser} on ${system}`;
}
