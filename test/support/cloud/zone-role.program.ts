import type { ZonePlaces } from '../../../cloud/composition/open-zone.ts';
import { zoneOutcomes } from './zone-outcomes.ts';

// A process of one role.
process.stdout.write(JSON.stringify(zoneOutcomes(JSON.parse(process.argv[2] ?? '') as ZonePlaces)));
