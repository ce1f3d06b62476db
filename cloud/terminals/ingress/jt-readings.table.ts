/**
 * Under which kind of the catalogue the fields of a position of JT/T 808 are kept, and those of its additional items that
 * have one. What is not here stays in the octets.
 */
export const POSITION_READINGS: Readonly<Record<string, string>> = {
  ...{ alarm: 'jt808.alarm', status: 'jt808.status', latitude: 'jt808.latitude', longitude: 'jt808.longitude' },
  ...{ elevation: 'jt808.elevation', speed: 'jt808.speed', direction: 'jt808.direction', at: 'jt808.time' },
};

/** The fields of an additional item, under one kind each item. Items of vendors have none, and stay octets that count for every item. */
export const EXTRA_READINGS: Readonly<Record<string, string>> = {
  ...{ mileage: 'jt808.mileage', fuel: 'jt808.fuel', recorderSpeed: 'jt808.recorder-speed' },
  ...{ alarmEvent: 'jt808.alarm-event', tyrePressures: 'jt808.tyre-pressures', signals: 'jt808.signals' },
  ...{ carriageTemperature: 'jt808.carriage-temperature', inputs: 'jt808.inputs', analogues: 'jt808.inputs' },
  ...{ overspeed: 'jt808.area-event', areaCrossing: 'jt808.area-event', routeTime: 'jt808.area-event' },
  ...{ signalStrength: 'jt808.reception', satellites: 'jt808.reception' },
};

/** Fields of other messages that hold no position, by name of message and field. */
export const MESSAGE_READINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  registration: { terminalId: 'jt808.terminal-id', plate: 'jt808.plate' },
  authentication: { imei: 'jt808.imei', softwareVersion: 'jt808.software-version' },
  driver: {
    ...{ name: 'jt808.driver', licence: 'jt808.driver', institution: 'jt808.driver', validUntil: 'jt808.driver' },
    ...{ idNumber: 'jt808.driver', status: 'jt808.driver', result: 'jt808.driver', at: 'jt808.driver' },
  },
  'can-bus': { octets: 'jt808.can-bus', id: 'jt808.can-bus', since: 'jt808.can-bus' },
  'media-event': { id: 'jt808.media', type: 'jt808.media', event: 'jt808.media', channel: 'jt808.media' },
  media: { id: 'jt808.media', type: 'jt808.media', event: 'jt808.media', channel: 'jt808.media' },
};
