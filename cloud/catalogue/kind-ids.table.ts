/**
 * Kinds of content that are no signal of VSS, by what they are. The first group is what a frame of the wire can be; ids of
 * GB/T 32960 fields are `gb32960.<unit>.<field>`.
 */
// biome-ignore format: one group a line
export const KIND_IDS = [
  'cell', 'trip', 'image', 'points', 'objects',
  'camera-exterior', 'video-exterior', 'point-cloud', 'radar-objects', 'image-features', 'point-cloud-features', 'target-imaging',
  'cabin-audio', 'cabin-image', 'cabin-video', 'face', 'voiceprint', 'fingerprint', 'health', 'gaze',
  'position', 'track', 'altitude', 'inertial', 'map-lanes', 'map-building', 'ad-map', 'destination', 'region',
  'vin', 'licence-plate', 'imei', 'imsi', 'iccid', 'msisdn', 'mac-address', 'advertising-id', 'device-serial', 'battery-code', 'subject-tag',
  'name', 'phone', 'email', 'id-number', 'driving-licence', 'account', 'payment', 'minor', 'employee', 'behaviour', 'voice-command', 'consent-record', 'aggregate', 'vehicle-day-statistics',
  'symmetric-key', 'private-key', 'certificate', 'dtc', 'crash-record', 'control-command', 'driver-decision-set', 'planning-set', 'running-set',
  'charging-state', 'charging-record', 'charging-site', 'charging-network',
  'ota-package', 'ota-source', 'development-source', 'cnc-source', 'robot-source', 'algorithm-document', 'algorithm-source', 'weights', 'training-set',
  'design-bom', 'process-bom', 'research-document', 'document', 'vulnerability-report', 'incident-evidence', 'security-log',
  'image-labels', 'point-cloud-labels', 'multimodal-labels', 'road-network-file', 'environment-file', 'traffic-flow-file', 'synthetic-scene', 'replay-file', 'test-scene',
  'roadside-people-flow', 'roadside-vehicle-flow', 'roadside-indicators', 'platform-assets', 'platform-topology',
] as const;
