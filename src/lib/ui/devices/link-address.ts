/** Where a peer takes links: beside the app that it serves. */
const linkPath = '/link';

type Page = Pick<Location, 'protocol' | 'host'>;

function addressOn({ protocol }: Page, host: string): string {
	return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}${linkPath}`;
}

/** Where a device is called that a person has named by `typed`: a whole address, a computer, or nothing for the one that this page came from. */
export function linkAddress(typed: string, page: Page): string {
	const text = typed.trim();
	if (text === '') return addressOn(page, page.host);
	return text.includes('://') ? text : addressOn(page, text.replace(/\/+$/, ''));
}

/** Whether what was typed is a link, which says by itself where the other device is. */
export function isLink(text: string): boolean {
	return text.includes('#');
}
