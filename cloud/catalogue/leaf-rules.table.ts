import type { Bilingual } from '../../proto/words/fault.ts';
import type { FieldKind } from '../rules/field-kinds.table.ts';
import type { HandlingId } from './handlings.table.ts';

/**
 * What decides signals. Of all rules whose `under` is a branch above a signal, the longest branch wins; of those with the
 * same branch, one that names the signal goes before the one that takes the whole branch. Two that name it are a mistake
 * that a test finds, as is a rule that decides nothing.
 */
export interface LeafRule {
  readonly id: string;
  readonly under: string;
  /** Names below the branch: `*` is any part of one name, `**.` any number of names. Absent: the whole branch. */
  readonly names?: readonly string[];
  readonly as: HandlingId;
  readonly kind: FieldKind;
  readonly items: readonly string[];
  readonly reason: Bilingual;
  readonly cite: string;
}

const none: readonly string[] = [];
// Sets of the training data of driving automation; each needs running data joined to imagery or radar.
const decision = ['important-20'];
const planning = ['important-21'];
const running = ['important-22'];
const steering = ['important-20', 'important-21', 'important-22'];
const inertial = ['important-22', 'important-38'];
const position = ['important-22', 'important-36', 'important-47'];
const elevation = ['important-22', 'important-37'];
const radar = ['important-35'];
const vehicleId = ['important-26'];
const charging = ['important-48'];

const battery = 'Vehicle.Powertrain.TractionBattery';
const linked = 'T44464-A.2';

// biome-ignore format: one rule a line
export const LEAF_RULES: readonly LeafRule[] = [
  // The vehicle as a whole.
  { id: 'speed', under: 'Vehicle', names: ['Speed', 'AverageSpeed'], as: 'vehicle', kind: 'CAN', items: running, cite: linked, reason: { en: 'speed of a VIN-linked vehicle', zh: '与车辆识别代号关联的车速' } },
  { id: 'state', under: 'Vehicle', names: ['IsMoving', 'IsBrokenDown', 'LowVoltageSystemState'], as: 'vehicle', kind: 'CAN', items: running, cite: linked, reason: { en: 'state of a VIN-linked vehicle', zh: '与车辆识别代号关联的车辆状态' } },
  { id: 'power-setting', under: 'Vehicle', names: ['IsAutoPowerOptimize', 'PowerOptimizeLevel'], as: 'vehicle', kind: 'CAN', items: none, cite: linked, reason: { en: 'a setting of a VIN-linked vehicle that tells nothing of a person', zh: '与车辆识别代号关联的车辆设置，不反映个人情况' } },
  { id: 'type', under: 'Vehicle', names: ['Length', 'Height', 'Width*', 'CurbWeight', 'GrossWeight', 'MaxTow*', 'RoofLoad', 'CargoVolume', 'TurningDiameter', 'EmissionsCO2'], as: 'vehicle', kind: 'CAN', items: none, cite: linked, reason: { en: 'type data of a VIN-linked vehicle', zh: '与车辆识别代号关联的车型参数' } },
  { id: 'load', under: 'Vehicle', names: ['CurrentOverallWeight'], as: 'home', kind: 'CAN', items: none, cite: 'SP21-3', reason: { en: 'the load tells how many ride along, and over a fleet its logistics', zh: '载重可反映乘员数量，汇聚后可反映物流情况' } },
  { id: 'odometer', under: 'Vehicle', names: ['TraveledDistance'], as: 'sensitive', kind: 'CAN', items: running, cite: '45574-A', reason: { en: 'an odometer to the metre tells where a vehicle has been', zh: '精确到米的里程可推断车辆去向' } },
  { id: 'trip-length', under: 'Vehicle', names: ['TraveledDistanceSinceStart', 'TripMeterReading'], as: 'sensitive', kind: 'CAN', items: running, cite: '45574-A', reason: { en: 'the length of a trip to the metre, laid on a road map, tells where it ended', zh: '精确到米的行程长度结合路网可推断终点' } },
  { id: 'trip-time', under: 'Vehicle', names: ['StartTime', 'TripDuration'], as: 'home', kind: 'BEHAVIOUR', items: none, cite: linked, reason: { en: 'when somebody sets out and how long they drive is a habit of a person', zh: '出发时间和驾驶时长反映个人出行习惯' } },

  // Position, and what integrates to one.
  { id: 'acceleration', under: 'Vehicle.Acceleration', as: 'place', kind: 'IMU', items: inertial, cite: 'M22', reason: { en: 'accelerations integrate to a track', zh: '加速度可积分为轨迹' } },
  { id: 'acceleration-vertical', under: 'Vehicle.Acceleration', names: ['Vertical'], as: 'place', kind: 'IMU', items: inertial, cite: 'M22', reason: { en: 'accelerations integrate to a profile of the road', zh: '加速度可积分为道路纵断面' } },
  { id: 'angular-velocity', under: 'Vehicle.AngularVelocity', as: 'place', kind: 'IMU', items: inertial, cite: 'M22', reason: { en: 'angular velocities integrate to a profile of the road', zh: '角速度可积分为道路纵断面' } },
  { id: 'yaw', under: 'Vehicle.AngularVelocity', names: ['Yaw'], as: 'place', kind: 'IMU', items: inertial, cite: 'M22', reason: { en: 'angular velocities integrate to a track', zh: '角速度可积分为轨迹' } },
  { id: 'location', under: 'Vehicle.CurrentLocation', as: 'place', kind: 'COORD', items: position, cite: 'M22', reason: { en: 'a precise position has no route off the vehicle', zh: '精确位置不得离开车辆' } },
  { id: 'location-altitude', under: 'Vehicle.CurrentLocation', names: ['Altitude', 'VerticalAccuracy'], as: 'place', kind: 'ALT', items: elevation, cite: 'M22', reason: { en: 'elevation along a road is geographic data', zh: '道路沿线高程属于测绘地理信息' } },
  { id: 'location-heading', under: 'Vehicle.CurrentLocation', names: ['Heading'], as: 'place', kind: 'IMU', items: inertial, cite: 'M22', reason: { en: 'headings and speeds integrate to a track', zh: '航向与车速可积分为轨迹' } },
  { id: 'gnss-receiver', under: 'Vehicle.CurrentLocation.GNSSReceiver', as: 'place', kind: 'COORD', items: position, cite: 'M22', reason: { en: 'state and mounting of the receiver belong to the survey that a fix is', zh: '接收机状态与安装位置属于测绘活动的组成部分' } },

  // Driving assistance.
  { id: 'adas', under: 'Vehicle.ADAS', as: 'vehicle', kind: 'CAN', items: planning, cite: linked, reason: { en: 'state of an assistance system of a VIN-linked vehicle', zh: '与车辆识别代号关联的辅助驾驶系统状态' } },
  { id: 'cruise-control', under: 'Vehicle.ADAS.CruiseControl', as: 'vehicle', kind: 'CAN', items: ['important-20', 'important-21'], cite: linked, reason: { en: 'what the driver sets and the system decides', zh: '驾驶人设定与系统决策' } },
  { id: 'obstacles', under: 'Vehicle.ADAS.ObstacleDetection', as: 'road', kind: 'RADAR-OBJ', items: radar, cite: 'M24', reason: { en: 'what radar sees beside the vehicle, and how far off, is perception of the road', zh: '雷达感知的周边目标及距离属于道路感知数据' } },
  { id: 'obstacle-sensors', under: 'Vehicle.ADAS.ObstacleDetection', names: ['**.IsEnabled', '**.IsError'], as: 'vehicle', kind: 'CAN', items: none, cite: linked, reason: { en: 'whether a sensor works, and nothing of what it sees', zh: '传感器工作状态，不含感知内容' } },
  { id: 'road-friction', under: 'Vehicle.ADAS.ESC.RoadFriction', as: 'road', kind: 'CAN', items: ['important-08', 'important-22'], cite: 'GB20263', reason: { en: 'the grip of a road is an attribute of the road', zh: '路面附着系数属于道路属性' } },
  { id: 'driver-monitoring', under: 'Vehicle.ADAS.DMS', names: ['IsWarning'], as: 'person', kind: 'BIOMETRIC', items: none, cite: '45574-A', reason: { en: 'a warning of driver monitoring tells the state of the driver', zh: '驾驶员监测报警反映驾驶人状态' } },

  // Body.
  { id: 'body', under: 'Vehicle.Body', as: 'vehicle', kind: 'CAN', items: none, cite: linked, reason: { en: 'state of the body of a VIN-linked vehicle', zh: '与车辆识别代号关联的车身状态' } },
  { id: 'body-openings', under: 'Vehicle.Body', names: ['Hood.*', 'Trunk.**.IsOpen', 'Trunk.**.IsLocked', 'Trunk.**.Position', 'Trunk.**.Switch', 'Trunk.**.IsLightOn'], as: 'home', kind: 'BEHAVIOUR', items: none, cite: linked, reason: { en: 'when a vehicle is opened, locked or loaded is a habit of its owner', zh: '开启、锁止和装载时间反映车主习惯' } },
  { id: 'mirrors', under: 'Vehicle.Body.Mirrors', names: ['*.Pan', '*.Tilt', '*.Yaw'], as: 'sensitive', kind: 'BEHAVIOUR', items: none, cite: '45574-A', reason: { en: 'set to the eyes of one person: mirrors, seat and wheel together tell who drives', zh: '按个人视线设定，与座椅、方向盘设定结合可识别驾驶人' } },
  { id: 'turn-signals', under: 'Vehicle.Body.Lights.DirectionIndicator', names: ['*.IsSignaling'], as: 'track', kind: 'CAN', items: ['important-20', 'important-22'], cite: '45574-A', reason: { en: 'turns in order, beside the speed, follow a road map', zh: '转向顺序结合车速可与路网匹配为轨迹' } },

  // Cabin.
  { id: 'cabin', under: 'Vehicle.Cabin', as: 'vehicle', kind: 'CAN', items: none, cite: linked, reason: { en: 'equipment and state of the cabin that tell nothing of who is in it', zh: '车内设备状态，不反映乘员情况' } },
  { id: 'cabin-child-lock', under: 'Vehicle.Cabin', names: ['IsWindowChildLockEngaged'], as: 'sensitive', kind: 'BEHAVIOUR', items: none, cite: '45574-A', reason: { en: 'an engaged child lock tells that a child is aboard', zh: '儿童锁状态可反映车内有儿童' } },
  { id: 'doors', under: 'Vehicle.Cabin.Door', as: 'home', kind: 'BEHAVIOUR', items: none, cite: linked, reason: { en: 'doors, windows and shades by seat tell who gets in and out, and when', zh: '按座位的车门、车窗和遮阳帘状态反映乘员上下车情况' } },
  { id: 'door-child-lock', under: 'Vehicle.Cabin.Door', names: ['**.IsChildLockActive'], as: 'sensitive', kind: 'BEHAVIOUR', items: none, cite: '45574-A', reason: { en: 'an active child lock tells that a child rides there; of children under 14 everything is sensitive', zh: '儿童锁状态可反映该座位有儿童；不满十四周岁未成年人信息均为敏感个人信息' } },
  { id: 'climate-by-seat', under: 'Vehicle.Cabin.HVAC.Station', as: 'home', kind: 'BEHAVIOUR', items: none, cite: linked, reason: { en: 'climate by seat tells which seats are taken and what each person likes', zh: '按座位的空调设定反映乘坐情况和个人偏好' } },
  { id: 'screen', under: 'Vehicle.Cabin.Infotainment.HMI', as: 'home', kind: 'BEHAVIOUR', items: none, cite: linked, reason: { en: 'settings of a screen are those of one person', zh: '屏幕设定反映个人偏好' } },
  { id: 'language', under: 'Vehicle.Cabin.Infotainment.HMI', names: ['CurrentLanguage'], as: 'sensitive', kind: 'BEHAVIOUR', items: none, cite: '45574-A', reason: { en: 'a language can tell the origin of a person', zh: '语言可反映个人来源' } },
  { id: 'media', under: 'Vehicle.Cabin.Infotainment.Media', as: 'sensitive', kind: 'BEHAVIOUR', items: none, cite: '45574-A', reason: { en: 'what somebody listens to tells taste and belief, and an address of a file can tell a name', zh: '收听内容反映喜好和信仰，文件地址可含姓名' } },
  { id: 'media-control', under: 'Vehicle.Cabin.Infotainment.Media', names: ['Volume', 'Played.PlaybackRate', 'Action'], as: 'home', kind: 'BEHAVIOUR', items: none, cite: linked, reason: { en: 'how somebody uses the player', zh: '播放器使用情况' } },
  { id: 'navigation', under: 'Vehicle.Cabin.Infotainment.Navigation', as: 'home', kind: 'BEHAVIOUR', items: none, cite: linked, reason: { en: 'how somebody has set the navigation, without where to', zh: '导航使用偏好，不含目的地' } },
  { id: 'destination', under: 'Vehicle.Cabin.Infotainment.Navigation.DestinationSet', as: 'place', kind: 'COORD', items: position, cite: 'M22', reason: { en: 'the coordinates of where somebody is going', zh: '目的地坐标' } },
  { id: 'smartphone', under: 'Vehicle.Cabin.Infotainment', names: ['Smartphone*.*'], as: 'home', kind: 'BEHAVIOUR', items: none, cite: linked, reason: { en: 'a telephone that connects tells that its owner is aboard', zh: '手机连接状态可反映机主在车内' } },
  { id: 'reading-lights', under: 'Vehicle.Cabin.Light.Spotlight', as: 'home', kind: 'BEHAVIOUR', items: none, cite: linked, reason: { en: 'a light by seat tells which seats are taken', zh: '按座位的照明状态反映乘坐情况' } },
  { id: 'ambient-lights', under: 'Vehicle.Cabin.Light.AmbientLight', as: 'home', kind: 'BEHAVIOUR', items: none, cite: linked, reason: { en: 'colour and strength by seat are the taste of a person', zh: '按座位的氛围灯设定反映个人偏好' } },
  { id: 'perceived-light', under: 'Vehicle.Cabin.Light', names: ['PerceivedAmbientLight'], as: 'home', kind: 'CAN', items: none, cite: 'TG', reason: { en: 'daylight over days tells sunrise and sunset, and with them latitude and longitude', zh: '连续日照可反映日出日落时刻，进而推断经纬度' } },
  { id: 'seat', under: 'Vehicle.Cabin.Seat', as: 'home', kind: 'BEHAVIOUR', items: none, cite: linked, reason: { en: 'comfort settings and switches by seat tell which seats are taken and what each person likes', zh: '按座位的舒适设定和开关反映乘坐情况和个人偏好' } },
  { id: 'seat-occupancy', under: 'Vehicle.Cabin.Seat', names: ['**.OccupancyStatus', '**.IsBelted'], as: 'sensitive', kind: 'BEHAVIOUR', items: none, cite: '45574-A', reason: { en: 'tells which seats are taken, and so who travels with whom', zh: '反映座位占用情况，进而推断同乘人员' } },
  { id: 'airbag', under: 'Vehicle.Cabin.Seat', names: ['**.Airbag.*'], as: 'sensitive', kind: 'BEHAVIOUR', items: none, cite: '45574-A', reason: { en: 'an airbag that fired tells of an injury, one that is off of a child seat', zh: '气囊展开可反映人身伤害，气囊关闭可反映安装儿童座椅' } },
  { id: 'seat-measures', under: 'Vehicle.Cabin.Seat', names: ['*.*.Position', '*.*.Height', '*.*.Tilt', '*.*.SeatBeltHeight', '**.Recline', '**.Lumbar*', '**.*LumbarSupport', '**.SideBolsterSupport*', '**.UpperShoulderSupport', '**.Headrest.Angle', '**.Headrest.Height', '**.Seating.Length'], as: 'sensitive', kind: 'BEHAVIOUR', items: none, cite: '45574-A', reason: { en: 'set to the body of one person: seat, mirrors and wheel together tell who drives', zh: '按个人体型设定，与后视镜、方向盘设定结合可识别驾驶人' } },
  { id: 'seat-equipment', under: 'Vehicle.Cabin.Seat', names: ['**.Massage.IsAvailable', '**.Massage.SupportedTypes'], as: 'vehicle', kind: 'CAN', items: none, cite: linked, reason: { en: 'equipment of a VIN-linked vehicle', zh: '与车辆识别代号关联的车辆配置' } },

  // Outside.
  { id: 'weather', under: 'Vehicle.Exterior', as: 'vehicle', kind: 'CAN', items: none, cite: linked, reason: { en: 'weather at a VIN-linked vehicle', zh: '与车辆识别代号关联的车外环境' } },
  { id: 'daylight', under: 'Vehicle.Exterior', names: ['LightIntensity'], as: 'home', kind: 'CAN', items: none, cite: 'TG', reason: { en: 'daylight over days tells sunrise and sunset, and with them latitude and longitude', zh: '连续日照可反映日出日落时刻，进而推断经纬度' } },

  // Chassis and motion.
  { id: 'chassis', under: 'Vehicle.Chassis', as: 'vehicle', kind: 'CAN', items: none, cite: linked, reason: { en: 'state and dimensions of the chassis of a VIN-linked vehicle', zh: '与车辆识别代号关联的底盘状态和参数' } },
  { id: 'pedals', under: 'Vehicle.Chassis', names: ['Accelerator.*', 'Brake.*', 'ParkingBrake.*'], as: 'vehicle', kind: 'CAN', items: decision, cite: linked, reason: { en: 'what the driver does with the pedals', zh: '驾驶人踏板操作' } },
  { id: 'steering-angle', under: 'Vehicle.Chassis', names: ['SteeringWheel.Angle', 'Axle.**.SteeringAngle'], as: 'track', kind: 'IMU', items: ['important-20', 'important-22'], cite: '45574-A', reason: { en: 'a steering angle beside the speed integrates to a track', zh: '转向角与车速可积分为轨迹' } },
  { id: 'steering-wheel-setting', under: 'Vehicle.Chassis.SteeringWheel', names: ['Extension', 'Tilt', 'HeatingCooling'], as: 'sensitive', kind: 'BEHAVIOUR', items: none, cite: '45574-A', reason: { en: 'set to the body of one person: wheel, seat and mirrors together tell who drives', zh: '按个人体型设定，与座椅、后视镜设定结合可识别驾驶人' } },
  { id: 'wheel-speeds', under: 'Vehicle.Chassis', names: ['Axle.**.Speed', 'Axle.**.AngularSpeed'], as: 'track', kind: 'IMU', items: running, cite: '45574-A', reason: { en: 'the difference of two wheels is a yaw rate, which integrates to a track', zh: '左右轮速差即横摆角速度，可积分为轨迹' } },
  { id: 'brake-control', under: 'Vehicle.MotionManagement.Brake', as: 'vehicle', kind: 'CAN', items: ['important-20', 'important-21'], cite: linked, reason: { en: 'brake forces that driver and system ask for', zh: '驾驶人与系统请求的制动力' } },
  { id: 'wheel-limits', under: 'Vehicle.MotionManagement.Brake', names: ['Axle.**.Omega*'], as: 'track', kind: 'IMU', items: ['important-21', 'important-22'], cite: '45574-A', reason: { en: 'limits of single wheels follow their speeds, whose difference is a yaw rate', zh: '单轮转速限值随轮速变化，左右差值即横摆角速度' } },
  { id: 'electric-axle', under: 'Vehicle.MotionManagement.ElectricAxle', as: 'vehicle', kind: 'CAN', items: ['important-21', 'important-22'], cite: linked, reason: { en: 'torque and speed of an axle that the system plans', zh: '系统规划的车轴转矩和转速' } },
  { id: 'steering-control', under: 'Vehicle.MotionManagement.Steering', as: 'track', kind: 'IMU', items: steering, cite: '45574-A', reason: { en: 'rack, angle and torque of the steering beside the speed integrate to a track', zh: '转向齿条、角度和转矩与车速结合可积分为轨迹' } },
  { id: 'suspension', under: 'Vehicle.MotionManagement.Suspension', as: 'track', kind: 'IMU', items: ['important-21', 'important-22'], cite: 'M22', reason: { en: 'roll torque follows lateral acceleration and damping the surface: a track, and a profile of the road', zh: '侧倾力矩随横向加速度变化，阻尼随路面变化，可推断轨迹和道路纵断面' } },

  // Control units and diagnosis.
  { id: 'connectivity', under: 'Vehicle.Connectivity', as: 'vehicle', kind: 'CAN', items: none, cite: linked, reason: { en: 'whether the vehicle is online', zh: '车辆联网状态' } },
  { id: 'control-units', under: 'Vehicle.ControlUnit', as: 'vehicle', kind: 'CAN', items: none, cite: linked, reason: { en: 'health of the control units of a VIN-linked vehicle', zh: '与车辆识别代号关联的控制器健康状态' } },
  { id: 'diagnostics', under: 'Vehicle.Diagnostics', as: 'vehicle', kind: 'DTC', items: none, cite: linked, reason: { en: 'trouble codes of a VIN-linked vehicle; the Beijing list names after-sales data of control units', zh: '与车辆识别代号关联的故障码；北京负面清单列有电控单元售后数据' } },

  // Persons.
  { id: 'driver', under: 'Vehicle.Driver', as: 'person', kind: 'BIOMETRIC', items: none, cite: '45574-A', reason: { en: 'state of a person in the cabin', zh: '车内人员状态' } },
  { id: 'driver-heart', under: 'Vehicle.Driver', names: ['HeartRate'], as: 'person', kind: 'BIOMETRIC', items: none, cite: '45574-A', reason: { en: 'health of a person in the cabin', zh: '车内人员健康信息' } },
  { id: 'driver-gaze', under: 'Vehicle.Driver', names: ['IsEyesOnRoad'], as: 'person', kind: 'BIOMETRIC', items: none, cite: '45574-A', reason: { en: 'gaze of a person in the cabin', zh: '车内人员视线' } },
  { id: 'occupant', under: 'Vehicle.Occupant', as: 'person', kind: 'BIOMETRIC', items: none, cite: '45574-A', reason: { en: 'head and gaze of a person in the cabin', zh: '车内人员头部位置和视线' } },
  { id: 'occupant-identity', under: 'Vehicle.Occupant', names: ['**.Identifier.*'], as: 'person', kind: 'PERSON', items: none, cite: '45574-A', reason: { en: 'who sits there', zh: '该座位乘员身份' } },

  // Energy and drive.
  { id: 'low-voltage', under: 'Vehicle.LowVoltageBattery', as: 'vehicle', kind: 'CAN', items: none, cite: linked, reason: { en: 'battery state of a VIN-linked vehicle', zh: '与车辆识别代号关联的电池状态' } },
  { id: 'powertrain', under: 'Vehicle.Powertrain', as: 'vehicle', kind: 'CAN', items: none, cite: linked, reason: { en: 'state of the powertrain of a VIN-linked vehicle', zh: '与车辆识别代号关联的动力系统状态' } },
  { id: 'range', under: 'Vehicle.Powertrain', names: ['Range', 'FuelSystem.Range', 'FuelSystem.ConsumptionSinceStart', 'RangeExtender.*.Range'], as: 'home', kind: 'CAN', items: running, cite: '45574-A', reason: { en: 'a range to the metre counts down like an odometer, and what a trip used tells its length', zh: '精确到米的续驶里程近似里程表，单次行程油耗可推断行程长度' } },
  { id: 'engine', under: 'Vehicle.Powertrain.CombustionEngine', as: 'vehicle', kind: 'CAN', items: none, cite: linked, reason: { en: 'state of the engine of a VIN-linked vehicle', zh: '与车辆识别代号关联的发动机状态' } },
  { id: 'engine-output', under: 'Vehicle.Powertrain.CombustionEngine', names: ['Speed', 'Torque', 'Power', 'TPS', 'MAF', 'IsRunning'], as: 'vehicle', kind: 'CAN', items: ['important-21', 'important-22'], cite: linked, reason: { en: 'torque, speed and throttle of the engine belong to the planning and running sets', zh: '发动机转矩、转速和节气门属系统规划和运行数据' } },
  { id: 'exhaust-fluid-range', under: 'Vehicle.Powertrain.CombustionEngine', names: ['DieselExhaustFluid.Range'], as: 'home', kind: 'CAN', items: running, cite: '45574-A', reason: { en: 'a range to the metre counts down like an odometer', zh: '精确到米的续驶里程随行驶递减，近似里程表' } },
  { id: 'manifold-pressure', under: 'Vehicle.Powertrain.CombustionEngine', names: ['MAP'], as: 'road', kind: 'ALT', items: elevation, cite: 'M22', reason: { en: 'with the engine off it is the pressure of the air outside, which tells the elevation', zh: '熄火时等于外界气压，可推断高程' } },
  { id: 'motor', under: 'Vehicle.Powertrain.ElectricMotor', as: 'vehicle', kind: 'CAN', items: none, cite: linked, reason: { en: 'state of the motor of a VIN-linked vehicle', zh: '与车辆识别代号关联的驱动电机状态' } },
  { id: 'motor-output', under: 'Vehicle.Powertrain.ElectricMotor', names: ['Speed', 'Torque', 'Power'], as: 'vehicle', kind: 'CAN', items: ['important-21', 'important-22'], cite: linked, reason: { en: 'torque and speed of the motor belong to the planning and running sets', zh: '驱动电机转矩和转速属系统规划和运行数据' } },
  { id: 'gear', under: 'Vehicle.Powertrain.Transmission', names: ['*Gear', 'GearChangeMode', 'PerformanceMode', 'Is*', 'DiffLock*', 'ClutchEngagement', 'TorqueDistribution'], as: 'vehicle', kind: 'CAN', items: decision, cite: linked, reason: { en: 'what the driver does with the gears', zh: '驾驶人换挡操作' } },
  { id: 'transmission', under: 'Vehicle.Powertrain.Transmission', as: 'vehicle', kind: 'CAN', items: none, cite: linked, reason: { en: 'state of the transmission of a VIN-linked vehicle', zh: '与车辆识别代号关联的变速器状态' } },
  { id: 'transmission-odometer', under: 'Vehicle.Powertrain.Transmission', names: ['TravelledDistance'], as: 'sensitive', kind: 'CAN', items: running, cite: '45574-A', reason: { en: 'a second odometer', zh: '等同里程表' } },
  { id: 'battery', under: battery, as: 'vehicle', kind: 'CAN', items: charging, cite: linked, reason: { en: 'battery state of a VIN-linked vehicle', zh: '与车辆识别代号关联的电池状态' } },
  { id: 'battery-range', under: battery, names: ['Range'], as: 'home', kind: 'CAN', items: ['important-22', 'important-48'], cite: '45574-A', reason: { en: 'a range to the metre counts down like an odometer', zh: '精确到米的续驶里程随行驶递减，近似里程表' } },
  { id: 'battery-identity', under: battery, names: ['Id', 'ProductionDate'], as: 'home', kind: 'DEVICE-ID', items: vehicleId, cite: linked, reason: { en: 'a serial number of the pack leads back to the VIN', zh: '动力电池编码可追溯到车辆识别代号' } },
  { id: 'battery-errors', under: battery, names: ['ErrorCodes'], as: 'vehicle', kind: 'DTC', items: charging, cite: linked, reason: { en: 'trouble codes of the battery of a VIN-linked vehicle', zh: '与车辆识别代号关联的电池故障码' } },
  { id: 'battery-timer', under: battery, names: ['BatteryConditioning.StartTime', 'BatteryConditioning.TargetTime'], as: 'home', kind: 'BEHAVIOUR', items: charging, cite: linked, reason: { en: 'when somebody wants the car ready is a habit of a person', zh: '预约时间反映个人出行习惯' } },
  { id: 'charging', under: `${battery}.Charging`, as: 'vehicle', kind: 'CHARGE', items: charging, cite: linked, reason: { en: 'charging state of a VIN-linked vehicle', zh: '与车辆识别代号关联的充电状态' } },
  { id: 'charging-timer', under: `${battery}.Charging`, names: ['Timer.*', 'ChargeLimit'], as: 'home', kind: 'BEHAVIOUR', items: charging, cite: linked, reason: { en: 'when somebody wants the car ready, and how full, is a habit of a person', zh: '预约充电时间和充电上限反映个人习惯' } },
  { id: 'charging-site-id', under: `${battery}.Charging`, names: ['EvseId'], as: 'place', kind: 'CHARGE-SITE', items: ['important-47', 'important-49'], cite: 'M22', reason: { en: 'the number of a charger leads to its address in public registers', zh: '充电设施编号可在公开目录中查得地址' } },
  { id: 'charging-place', under: `${battery}.Charging.Location`, as: 'place', kind: 'COORD', items: position, cite: 'M22', reason: { en: 'the coordinates of the place where a vehicle charges', zh: '充电地点坐标' } },
  { id: 'charging-place-altitude', under: `${battery}.Charging.Location`, names: ['Altitude'], as: 'place', kind: 'ALT', items: elevation, cite: 'M22', reason: { en: 'elevation of the place where a vehicle charges', zh: '充电地点高程' } },

  // Upkeep and identity.
  { id: 'service', under: 'Vehicle.Service', as: 'vehicle', kind: 'CAN', items: none, cite: linked, reason: { en: 'when a VIN-linked vehicle is due for service', zh: '与车辆识别代号关联的保养状态' } },
  { id: 'service-odometer', under: 'Vehicle.Service', names: ['DistanceToService'], as: 'sensitive', kind: 'CAN', items: running, cite: '45574-A', reason: { en: 'an odometer that counts down', zh: '倒计里程，等同里程表' } },
  { id: 'trailer', under: 'Vehicle.Trailer', as: 'vehicle', kind: 'CAN', items: none, cite: linked, reason: { en: 'state of a VIN-linked vehicle', zh: '与车辆识别代号关联的车辆状态' } },
  { id: 'identification', under: 'Vehicle.VehicleIdentification', as: 'home', kind: 'DEVICE-ID', items: vehicleId, cite: linked, reason: { en: 'dates, equipment and damages together single out one vehicle', zh: '日期、配置和损伤记录结合可识别具体车辆' } },
  { id: 'model', under: 'Vehicle.VehicleIdentification', names: ['Brand', 'Model', 'Year', 'WMI', 'BodyType', 'MeetsEmissionStandard', 'VehicleSeatingCapacity', 'AcrissCode'], as: 'vehicle', kind: 'CAN', items: none, cite: linked, reason: { en: 'type data of a VIN-linked vehicle, shared by many', zh: '与车辆识别代号关联的车型信息，为众多车辆共有' } },
  { id: 'special-use', under: 'Vehicle.VehicleIdentification', names: ['VehicleSpecialUsage'], as: 'sensitive', kind: 'DEVICE-ID', items: vehicleId, cite: 'SP21-3', reason: { en: 'tells that a vehicle serves an authority, a hospital or a court', zh: '反映车辆是否为公务、医疗等特殊用途' } },
  { id: 'vin', under: 'Vehicle.VehicleIdentification', names: ['VIN'], as: 'identity', kind: 'VIN', items: vehicleId, cite: linked, reason: { en: 'the subject tag stands for the VIN', zh: '以标识标签代替车辆识别代号' } },
  { id: 'licence-plate', under: 'Vehicle.VehicleIdentification', names: ['LicensePlate'], as: 'identity', kind: 'VIN', items: vehicleId, cite: linked, reason: { en: 'the subject tag stands for the plate', zh: '以标识标签代替号牌' } },
  { id: 'vss-version', under: 'Vehicle.VersionVSS', as: 'vehicle', kind: 'CAN', items: none, cite: linked, reason: { en: 'version of the signal names', zh: '信号规范版本' } },

  // Statistics that the edge makes in place of motion; paths of no VSS release.
  { id: 'motion-statistics', under: 'Vehicle.Statistics', as: 'vehicle', kind: 'BEHAVIOUR', items: running, cite: 'TG', reason: { en: 'a class of magnitude of an hour, without sign, order or place: nothing can be integrated', zh: '每小时的幅值等级，无方向、顺序和位置，无法积分' } },
  { id: 'road-statistics', under: 'Vehicle.Statistics', names: ['VerticalAcceleration.*', 'PitchRate.*'], as: 'road', kind: 'IMU', items: inertial, cite: 'M22', reason: { en: 'made from the profile of the road: coarse, and still an attribute of roads', zh: '由道路纵断面得出，虽已降精度，仍属道路属性' } },
  { id: 'climb-statistics', under: 'Vehicle.Statistics', names: ['Climb.*'], as: 'road', kind: 'ALT', items: elevation, cite: 'M22', reason: { en: 'made from elevations: coarse, and still geographic', zh: '由高程得出，虽已降精度，仍属测绘地理信息' } },
];
