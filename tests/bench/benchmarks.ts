import type { Figure } from './figure.ts';
import { measureActions } from './node/actions.ts';
import { measureBytes } from './node/bytes.ts';
import { measureChannel } from './node/channel.ts';
import { measureSignalled } from './node/signalled.ts';
import { measureCipher } from './node/cipher.ts';
import { measureCopy } from './node/copy.ts';
import { measureIndex } from './node/index-speed.ts';
import { measureLarge } from './node/large.ts';
import { measureLink } from './node/link.ts';
import { measureLive } from './node/live.ts';
import { measureMemory } from './node/memory.ts';
import { measureSearch } from './node/search.ts';
import { measureSyncIndex } from './node/sync-index.ts';
import { measureTagging } from './node/tagging.ts';
import { measureChannel as measureBrowserChannel } from './browser/channel.ts';
import { measureCipher as measureBrowserCipher } from './browser/cipher.ts';
import { measureFinding, measureFindingMillion } from './browser/find.ts';
import { measureBrowserIndex } from './browser/index-rate.ts';
import { measureLarge as measureBrowserLarge } from './browser/large.ts';
import { measureMillion } from './browser/million.ts';
import { measureOpening } from './browser/open.ts';
import { measureScrolling } from './browser/scroll.ts';
import { measureSearch as measureBrowserSearch } from './browser/search.ts';
import { measureStart } from './browser/start.ts';
import { measureSyncIndex as measureBrowserSyncIndex } from './browser/sync-index.ts';
import { measureTagging as measureBrowserTagging } from './browser/tagging.ts';

export type Choices = {
	/** The folder that is indexed, where it is large enough. */
	readonly tree: string;
	/** Which trees of sparse files are made, and how much of each. */
	readonly recipes: readonly string[];
	readonly scale: number;
};

export type Benchmark = {
	readonly name: string;
	readonly what: string;
	readonly measure: (choices: Choices) => Promise<readonly Figure[]>;
};

export const benchmarks: readonly Benchmark[] = [
	{ name: 'node.bytes', what: 'database bytes per entry', measure: ({ tree }) => measureBytes(tree) },
	{ name: 'node.cipher', what: 'encrypted against plain SQLite', measure: measureCipher },
	{
		name: 'node.index',
		what: 'indexing folders against find, what files are against a bare loop',
		measure: ({ tree, recipes, scale }) => measureIndex(tree, recipes, scale)
	},
	{ name: 'node.index.memory', what: 'memory and bytes that 1,000,000 entries take', measure: measureMemory },
	{ name: 'node.search', what: 'names found among 1,000,000', measure: measureSearch },
	{ name: 'node.actions', what: 'plans of 100,000 entries', measure: measureActions },
	{ name: 'node.copy', what: 'small files and large ones copied with proof, against cp -a', measure: measureCopy },
	{ name: 'node.large', what: 'one folder of 1,000,000', measure: measureLarge },
	{ name: 'node.tagging', what: '100,000 files tagged at once', measure: measureTagging },
	{
		name: 'node.link',
		what: 'streams over memory, and over TLS, secured WebSockets and a relay against bare ones',
		measure: measureLink
	},
	{ name: 'node.rtc.link', what: 'streams over a data channel against a bare one', measure: measureChannel },
	{
		name: 'node.signalled.link',
		what: 'streams over a data channel that is signalled, against a bare one',
		measure: measureSignalled
	},
	{
		name: 'node.sync-index',
		what: '100,000 entries told to another device, against plain inserts',
		measure: measureSyncIndex
	},
	{
		name: 'browser.rtc.link',
		what: 'streams over a data channel from Chromium to a peer, against a bare one',
		measure: measureBrowserChannel
	},
	{
		name: 'node.live',
		what: 'a change seen on another device, and what passes when nothing happens',
		measure: measureLive
	},
	{ name: 'browser.cipher', what: 'encrypted against plain SQLite in Chromium', measure: measureBrowserCipher },
	{ name: 'browser.index', what: 'a folder indexed in Chromium, against a bare walk', measure: measureBrowserIndex },
	{ name: 'browser.search', what: 'names found among 1,000,000 in Chromium', measure: measureBrowserSearch },
	{ name: 'browser.large', what: 'one folder of 1,000,000 in Chromium', measure: measureBrowserLarge },
	{ name: 'browser.tagging', what: '100,000 files tagged at once in Chromium', measure: measureBrowserTagging },
	{
		name: 'browser.sync-index',
		what: '100,000 entries of another device taken over in Chromium, against plain inserts',
		measure: measureBrowserSyncIndex
	},
	{ name: 'browser.open', what: 'a folder of 100,000 opened in the app', measure: measureOpening },
	{ name: 'browser.scroll', what: 'a folder of 100,000 scrolled in the app', measure: measureScrolling },
	{ name: 'browser.find', what: 'names found among 100,000, from key to screen', measure: measureFinding },
	{
		name: 'browser.find-million',
		what: 'entries found among 1,000,000, from key to screen',
		measure: measureFindingMillion
	},
	{ name: 'browser.million', what: 'a folder of 1,000,000 opened, from end to end', measure: measureMillion },
	{ name: 'browser.start', what: 'the app started cold and offline', measure: measureStart }
];
