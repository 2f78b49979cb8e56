import { addressPath, parseAddress, parseEntry, type FolderAddress } from './address.ts';
import { defaultOrder } from './orders.ts';

/** One folder, or two side by side, as the address has them. */
export type PanesAddress = {
	readonly first: FolderAddress;
	readonly beside: FolderAddress | null;
	/** Whether the keyboard is in the one beside. */
	readonly isBeside: boolean;
};

const parts = ['row', 'at', 'sort', 'view'] as const;
/** Only to have the parser of addresses read what is none by itself. */
const anyOrigin = 'https://atoll.invalid';

/** An order that is left out is the usual one: of one folder shown twice, each side keeps its own. */
function withOrder(address: FolderAddress): FolderAddress {
	return { ...address, order: address.order ?? defaultOrder };
}

/** What `url` stands for, or null where it is no address of a folder. */
export function parsePanes(url: URL | Location): PanesAddress | null {
	const first = parseAddress(url);
	if (first === null) return null;
	const query = new URLSearchParams(url.search);
	const folder = parseEntry(query.get('beside'));
	const own = new URLSearchParams(parts.map((part) => [part, query.get(`beside-${part}`) ?? '']));
	const beside = folder === null ? null : parseAddress(new URL(`/files/${folder}?${own}`, anyOrigin));
	if (beside === null) return { first, beside, isBeside: false };
	return { first: withOrder(first), beside: withOrder(beside), isBeside: query.get('keyboard') === 'beside' };
}

/** The path and query that stand for `address`. */
export function panesPath({ first, beside, isBeside }: PanesAddress): string {
	if (beside === null) return addressPath(first);
	const path = new URL(addressPath(first), anyOrigin);
	path.searchParams.set('beside', String(beside.folder));
	for (const [part, value] of new URL(addressPath(beside), anyOrigin).searchParams)
		path.searchParams.set(`beside-${part}`, value);
	if (isBeside) path.searchParams.set('keyboard', 'beside');
	return `${path.pathname}${path.search}`;
}
