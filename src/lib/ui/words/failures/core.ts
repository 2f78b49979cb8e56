import type { FailedReason } from '#client/mod.ts';
import type { FailureWords, WordsTable } from './failure.ts';
import { reload, tryAgain } from './remedies.ts';

const disconnected: { readonly [Reason in FailedReason]: Omit<FailureWords, 'remedy'> } = {
	'insecure-context': {
		title: 'This address is not secure enough',
		text: 'Browsers lend encryption and private storage only to pages that come over https or from this very computer. Open Atoll by an https address or at localhost.'
	},
	'no-workers': {
		title: 'This browser is missing something',
		text: 'Atoll needs web workers and broadcast channels. A current Chrome, Edge, Firefox or Safari has them.'
	},
	'no-web-locks': {
		title: 'This browser is missing something',
		text: 'Atoll needs web locks, so that two tabs never write at once. A current Chrome, Edge, Firefox or Safari has them.'
	},
	'no-file-system': {
		title: 'This browser has no private storage',
		text: 'Atoll keeps its encrypted library in the browser’s private file system. A current Chrome, Edge, Firefox or Safari has one.'
	},
	'storage-blocked': {
		title: 'Storage is blocked here',
		text: 'The browser does not let this page keep anything. That is so in some private windows, or when cookies and site data are blocked. Allow site data for this page, or use an ordinary window.'
	},
	'other-version': {
		title: 'Another tab runs another version',
		text: 'A tab with a different version of Atoll holds the library. Reload that tab or close it, then reload this one.'
	},
	'core-failed': {
		title: 'Atoll could not start',
		text: 'Its inner part does not load, or stops each time. Reload the page; if that does not help, the browser’s console says why.'
	}
};

/** The words for what may stop any call. */
export const coreFailures = {
	CoreFailed: () => ({
		title: 'Something went wrong in Atoll',
		text: 'That is a mistake of ours, not yours. Nothing was lost; the browser’s console holds the details for a report.',
		remedy: tryAgain,
		isGrave: true
	}),
	Cancelled: () => ({ title: 'Stopped', text: 'It was stopped before it ended.', remedy: tryAgain }),
	Disconnected: ({ reason }) => ({ ...disconnected[reason], remedy: reload })
} satisfies Partial<WordsTable>;
