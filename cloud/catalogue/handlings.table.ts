import type { Treatment } from './catalogue-row.ts';

/** What follows from what a thing is: where it lies, whether a dataset may hold it, whether a vehicle may send it. */
export type Handling = Pick<Treatment, 'classes' | 'zone' | 'exportable' | 'edge' | 'retention'>;

const operations = 'domestic-operations';
const onRequest = 'sensitive-on-request-10wd';

/**
 * Every frame of signals carries a subject tag, so no signal is milder than personal. A handling is never chosen for what it
 * allows: where two fit, rules take the stricter.
 */
// biome-ignore format: one handling a line
export const HANDLINGS = {
  /** State or type of a vehicle that is linked to its VIN, which GB/T 44464 calls general personal information. */
  vehicle:      { classes: ['personal'], zone: 'personal', exportable: true, edge: 'allowed', retention: operations },
  /** Tells habits, taste or a single vehicle: of use at home, and in no parcel. */
  home:         { classes: ['personal'], zone: 'personal', exportable: false, edge: 'allowed', retention: operations },
  /** Sensitive personal information that the vehicle may send for a purpose at home. */
  sensitive:    { classes: ['personal', 'sensitive'], zone: 'personal', exportable: false, edge: 'allowed', retention: onRequest },
  /** Of the road and what stands on it: geographic information without a person in it. */
  road:         { classes: ['personal', 'geographic'], zone: 'geographic', exportable: false, edge: 'allowed', retention: operations },
  /** What integrates to a track, or is one after coarsening. */
  track:        { classes: ['personal', 'sensitive', 'geographic'], zone: 'geographic', exportable: false, edge: 'allowed', retention: onRequest },
  /** A position, or what leads straight to one. It has no route off the vehicle. */
  place:        { classes: ['personal', 'sensitive', 'geographic'], zone: 'geographic', exportable: false, edge: 'forbidden', retention: onRequest },
  /** Who somebody is, or the state of their body. It has no route off the vehicle. */
  person:       { classes: ['personal', 'sensitive'], zone: 'important', exportable: false, edge: 'forbidden', retention: onRequest },
  /** Names a vehicle, a device or a subscription. The link to the subject tag is kept in the device register alone. */
  identity:     { classes: ['personal', 'sensitive'], zone: 'important', exportable: false, edge: 'forbidden', retention: onRequest },
  /** Of persons, from somewhere else than a vehicle. */
  record:       { classes: ['personal'], zone: 'personal', exportable: false, edge: 'forbidden', retention: operations },
  recordOfSensitive: { classes: ['personal', 'sensitive'], zone: 'personal', exportable: false, edge: 'forbidden', retention: onRequest },
  /** Of one vehicle or person, under a pseudonym for one recipient; made by the cloud. */
  pseudonymous: { classes: ['personal'], zone: 'personal', exportable: true, edge: 'forbidden', retention: operations },
  /** What sensors of a vehicle perceive of the road, before anybody has thinned it. */
  perception:   { classes: ['personal', 'geographic'], zone: 'geographic', exportable: false, edge: 'forbidden', retention: operations },
  /** Of a road, from somewhere else than one vehicle. */
  survey:       { classes: ['geographic'], zone: 'geographic', exportable: false, edge: 'forbidden', retention: operations },
  /** Flow of people and vehicles, which SP21 article 3 names. */
  flow:         { classes: ['geographic', 'important'], zone: 'important', exportable: false, edge: 'forbidden', retention: operations },
  /** Raw pictures of the surroundings: faces, plates and places (SP21 article 3(4)); and files made of tracks or of pictures. */
  imagery:      { classes: ['personal', 'sensitive', 'geographic', 'important'], zone: 'important', exportable: false, edge: 'forbidden', retention: onRequest },
  /** The same after the vehicle has treated it. Its word lowers no class. */
  treated:      { classes: ['personal', 'sensitive', 'geographic', 'important'], zone: 'important', exportable: false, edge: 'allowed', retention: onRequest },
  /** Counts of persons and vehicles by one vehicle. */
  counted:      { classes: ['personal', 'geographic', 'important'], zone: 'important', exportable: false, edge: 'allowed', retention: operations },
  /** Secrets of the makers and of the platform; important until its item has been answered. */
  industrial:   { classes: ['important'], zone: 'important', exportable: false, edge: 'forbidden', retention: operations },
  /** What a command, a key or a network plan opens for somebody abroad. */
  security:     { classes: ['important'], zone: 'important', exportable: false, edge: 'forbidden', retention: 'remote-command-logs-6m' },
  /** Files that an exemption covers when their papers are on file; they leave by the way of files, or not at all. */
  filed:        { classes: ['personal'], zone: 'important', exportable: true, edge: 'forbidden', retention: 'logs-3y' },
  /** About so many that nobody can be found again. */
  aggregate:    { classes: ['general'], zone: 'general', exportable: true, edge: 'forbidden', retention: operations },
} as const satisfies Readonly<Record<string, Handling>>;

export type HandlingId = keyof typeof HANDLINGS;
