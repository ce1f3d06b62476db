/**
 * Kinds of field a dataset can hold, with the classes that each carries by default, after SP21, GB/T 44464 and GB/T 45574. Facts that
 * name a kind and deny its class contradict themselves.
 */
export interface FieldKindRow {
  readonly kind: FieldKind;
  /** Surveying and mapping geographic information (GEO-1, GEO-2). */
  readonly geographic: boolean;
  /** Carries spatial coordinates, tracks or map geometry (G26 Note 9). */
  readonly coordinates: boolean;
  /** Sensitive wherever it is personal information at all (SP21-3b, GB/T 44464 A.2, GB/T 45574 annex A). */
  readonly sensitiveIfPersonal: boolean;
  /** Names a person or somebody's vehicle by itself, so it is personal information whatever lies beside it (GB/T 44464 A.2). */
  readonly personal: boolean;
  /** Published as important data with no quantity that would be too small for the class to be denied (G26 II, items 28 to 31). */
  readonly important: boolean;
}

// biome-ignore format: one kind a line
export const FIELD_KIND_NAMES = [
  'COORD', 'TRACK', 'ALT', 'IMU', 'CAM-EXT', 'VIDEO-EXT', 'POINTCLOUD', 'RADAR-OBJ', 'MAP', 'CAN', 'DTC', 'VIN', 'SIM-ID',
  'KEY', 'CERT', 'CMD', 'CHARGE', 'CHARGE-SITE', 'OTA-PKG', 'SRC', 'ALGO', 'BOM', 'DOC', 'CABIN-AV', 'BIOMETRIC',
  'PLATFORM-CFG', 'ROADSIDE', 'REGION', 'STATISTIC', 'PERSON', 'DEVICE-ID', 'BEHAVIOUR',
] as const;

export type FieldKind = (typeof FIELD_KIND_NAMES)[number];

// IMU is geographic only when it can be integrated to a position, and ROADSIDE when it carries coordinates, so the
// default leaves both to the person who writes the facts. REGION and STATISTIC are ours: a named administrative region
// (geographic unless counsel settles otherwise), and figures over many vehicles. PERSON is who somebody is (name, contact,
// number, account), DEVICE-ID what names a device or a part, BEHAVIOUR what somebody does with the car and its screens.
// biome-ignore format: one kind a line
export const FIELD_KINDS: readonly FieldKindRow[] = [
  { kind: 'COORD',        geographic: true,  coordinates: true,  sensitiveIfPersonal: true,  personal: false, important: false },
  { kind: 'TRACK',        geographic: true,  coordinates: true,  sensitiveIfPersonal: true,  personal: false, important: false },
  { kind: 'ALT',          geographic: true,  coordinates: false, sensitiveIfPersonal: false, personal: false, important: false },
  { kind: 'IMU',          geographic: false, coordinates: false, sensitiveIfPersonal: false, personal: false, important: false },
  { kind: 'CAM-EXT',      geographic: true,  coordinates: false, sensitiveIfPersonal: true,  personal: false, important: false },
  { kind: 'VIDEO-EXT',    geographic: true,  coordinates: false, sensitiveIfPersonal: true,  personal: false, important: false },
  { kind: 'POINTCLOUD',   geographic: true,  coordinates: false, sensitiveIfPersonal: false, personal: false, important: false },
  { kind: 'RADAR-OBJ',    geographic: true,  coordinates: false, sensitiveIfPersonal: false, personal: false, important: false },
  { kind: 'MAP',          geographic: true,  coordinates: true,  sensitiveIfPersonal: false, personal: false, important: false },
  { kind: 'CAN',          geographic: false, coordinates: false, sensitiveIfPersonal: false, personal: false, important: false },
  { kind: 'DTC',          geographic: false, coordinates: false, sensitiveIfPersonal: false, personal: false, important: false },
  { kind: 'VIN',          geographic: false, coordinates: false, sensitiveIfPersonal: false, personal: true,  important: false },
  { kind: 'SIM-ID',       geographic: false, coordinates: false, sensitiveIfPersonal: false, personal: true,  important: false },
  { kind: 'KEY',          geographic: false, coordinates: false, sensitiveIfPersonal: false, personal: false, important: true },
  { kind: 'CERT',         geographic: false, coordinates: false, sensitiveIfPersonal: false, personal: false, important: true },
  { kind: 'CMD',          geographic: false, coordinates: false, sensitiveIfPersonal: false, personal: false, important: true },
  { kind: 'CHARGE',       geographic: false, coordinates: false, sensitiveIfPersonal: false, personal: false, important: false },
  { kind: 'CHARGE-SITE',  geographic: true,  coordinates: false, sensitiveIfPersonal: false, personal: false, important: false },
  { kind: 'OTA-PKG',      geographic: false, coordinates: false, sensitiveIfPersonal: false, personal: false, important: false },
  { kind: 'SRC',          geographic: false, coordinates: false, sensitiveIfPersonal: false, personal: false, important: false },
  { kind: 'ALGO',         geographic: false, coordinates: false, sensitiveIfPersonal: false, personal: false, important: false },
  { kind: 'BOM',          geographic: false, coordinates: false, sensitiveIfPersonal: false, personal: false, important: false },
  { kind: 'DOC',          geographic: false, coordinates: false, sensitiveIfPersonal: false, personal: false, important: false },
  { kind: 'CABIN-AV',     geographic: false, coordinates: false, sensitiveIfPersonal: true,  personal: true,  important: false },
  { kind: 'BIOMETRIC',    geographic: false, coordinates: false, sensitiveIfPersonal: true,  personal: true,  important: false },
  { kind: 'PLATFORM-CFG', geographic: false, coordinates: false, sensitiveIfPersonal: false, personal: false, important: false },
  { kind: 'ROADSIDE',     geographic: false, coordinates: false, sensitiveIfPersonal: false, personal: false, important: false },
  { kind: 'REGION',       geographic: true,  coordinates: false, sensitiveIfPersonal: false, personal: false, important: false },
  { kind: 'STATISTIC',    geographic: false, coordinates: false, sensitiveIfPersonal: false, personal: false, important: false },
  { kind: 'PERSON',       geographic: false, coordinates: false, sensitiveIfPersonal: false, personal: true,  important: false },
  { kind: 'DEVICE-ID',    geographic: false, coordinates: false, sensitiveIfPersonal: false, personal: true,  important: false },
  { kind: 'BEHAVIOUR',    geographic: false, coordinates: false, sensitiveIfPersonal: false, personal: false, important: false },
];
