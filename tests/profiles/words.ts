/**
 * What the tap says about a server that lacks something. The tests of the profiles look for these and for nothing
 * else in its log, so that its words can be changed here.
 */

/** A route that the server lacks and that another one stands in for; the route is named as a template. */
export const otherRoute = (route: string): RegExp => new RegExp(`${route.replace(/[{}]/g, '\\$&')}.*`, 'i');

/** A stream that the token may not read: named, with the refusal. */
export const refused = (stream: string): RegExp => new RegExp(`\\b${stream}\\b.*(403|scope|permission)`, 'i');

/** The line of the summary about a stream of which something is left out. */
export const partial = (stream: string): RegExp => new RegExp(`\\b${stream}\\b +(partial|failed)\\b`, 'i');

/** Such a line of any stream; the log of a run that has everything has none. */
export const anyPartial = /\w +(partial|failed) +[\d,]+ rows?\b/i;

/** A row that the server answered with a page for people; its id is named. */
export const unreadable = (stream: string): RegExp => new RegExp(`\\b${stream}\\b.*(html|not json|no json)`, 'i');

/** An organization that is not there, or that the token cannot see. */
export const noOrganization = /no organization/i;
