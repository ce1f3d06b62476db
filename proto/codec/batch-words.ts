/**
 * Words that batches are made of: both ends of the compressor know them before the first byte, so that a batch of one
 * frame need not spell them out. They are part of the wire form like a field number: another text would make every batch
 * ever sealed unreadable, and a test holds its hash. What is used most stands last, where it costs least to point at.
 */
export const BATCH_WORDS: string = [
  ...['detector-failed', 'detector-slow', 'image-over-budget', 'image-queue-full', 'image-unreadable', 'imagery'],
  ...['point-cloud', 'objects', 'sensor-interval', 'identifier', 'position-invalid', 'source-malformed', 'no-policy'],
  ...['time-in-future', 'inspection-failed', 'spool-full', 'signal-rate', 'signal-aggregated', 'signal-not-mapped'],
  ...['signal-invalid', 'signal-not-allowed', 'position', 'expired'],
  ...['Vehicle.ADAS.', 'IsEngaged', 'IsEnabled', 'IsActive', 'Vehicle.Body.', 'Lights.', 'Windshield.', 'Trunk.Rear.'],
  ...['IsOpen', 'IsLocked', 'Vehicle.Cabin.', 'Door.Row1.DriverSide.', 'PassengerSide.', 'Seat.Row1.', 'Infotainment.'],
  ...['Vehicle.Cabin.HVAC.AmbientAirTemperature', 'Vehicle.Chassis.Brake.PedalPosition', 'Accelerator.PedalPosition'],
  ...['Vehicle.Chassis.SteeringWheel.Angle', 'Vehicle.Chassis.Axle.Row1.Wheel.Left.Tire.Pressure', 'Temperature'],
  ...['Row2.Wheel.Right.Tire.', 'Vehicle.OBD.', 'Vehicle.Diagnostics.DTCCount', 'Vehicle.LowVoltageBattery.'],
  ...['Vehicle.Statistics.', '.MedianClass', '.HighClass', 'Vehicle.Powertrain.Transmission.CurrentGear'],
  ...['Vehicle.Powertrain.ElectricMotor.Speed', 'Torque', 'Vehicle.Powertrain.CombustionEngine.', 'Vehicle.Service.'],
  ...['Vehicle.Powertrain.TractionBattery.CellVoltage.Max', 'Min', 'Vehicle.Powertrain.TractionBattery.Charging.'],
  ...['IsCharging', 'ChargeRate', 'Vehicle.Powertrain.TractionBattery.Temperature.Average', '.StateOfHealth'],
  ...['Vehicle.Powertrain.TractionBattery.CurrentCurrent', 'CurrentPower', 'CurrentVoltage', 'StateOfCharge.Current'],
  ...['Vehicle.Exterior.AirTemperature', 'Vehicle.TraveledDistance', 'Vehicle.IsMoving', 'Vehicle.Speed'],
  ...['fence-senses', 'margin-m=500 fix-age-s=', 'motion-statistics', 'statistics=', ' samples-min=60 classes=ratio-2'],
  ...['imagery-mosaic', 'imagery-redact', 'drop-imagery', 'point-cloud-counts', 'objects-counts', 'interval-s=10'],
  ...[
    'position-none',
    'position-fleet',
    'position-strict-map',
    'cell-m=',
    ' time-floor-s=3600',
    ' trim-m=1000',
    ' tag=',
  ],
  ...['position-strict', 'stop-s=600 dwell-s=300 hold-back-s=86400+21600 classes=ratio-2', 'strip-identifiers'],
  ...['kinds=vin,imei,imsi,iccid', 'allow-signals', 'paths=', ' rules=', 'tag-subject', 'time-floor-s=1'],
].join('');
