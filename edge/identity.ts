import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deviceIdOf } from '../proto/codec/device-id.ts';
import type { LoadedConfig } from '../proto/config/read-config.ts';
import { bilingual, causeText, type Fault } from '../proto/words/fault.ts';
import { fail, ok, type Result } from '../proto/words/result.ts';
import type { Clock } from '../proto/words/time.ts';
import type { DeviceId } from '../proto/words/topics.ts';
import { parseVin, type Vin } from '../proto/words/vin.ts';
import { VEHICLE_SECRET_BYTES_MIN } from './adapters/vehicle-secret.ts';
import type { EdgeConfig } from './config.ts';

/** Everything an agent needs from its files, read and checked. */
export interface Identity {
  readonly vin: Vin;
  readonly secret: Uint8Array;
  readonly device: DeviceId;
  readonly deviceKey: KeyObject;
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
  readonly policyKey: KeyObject;
}

export type IdentityFault = Fault<
  'FILE_UNREADABLE' | 'VIN_INVALID' | 'SECRET_TOO_SHORT' | 'KEY_MISMATCH' | 'KEY_TYPE' | 'CERTIFICATE_EXPIRED'
>;

/** Reads identity and keys; faults name the file's purpose and never what stands in it. */
export function readIdentity(
  { config, path }: LoadedConfig<EdgeConfig>,
  clock: Clock,
): Result<Identity, IdentityFault> {
  /** Key of the configuration whose file is being read or parsed. */
  let subject = '';
  const read = (key: string, name: string): Buffer => {
    subject = key;
    return readFileSync(path(name));
  };
  try {
    const vin = parseVin(read('vehicle.vinFile', config.vehicle.vinFile).toString('utf8').trim());
    if (!vin.ok) return fail(vinFault(vin.fault.code));
    const secret = read('vehicle.secretFile', config.vehicle.secretFile);
    if (secret.length < VEHICLE_SECRET_BYTES_MIN) return fail(secretFault());
    const certificate = read('uplink.certificateFile', config.uplink.certificateFile).toString('utf8');
    const x509 = new X509Certificate(certificate);
    const key = read('uplink.keyFile', config.uplink.keyFile).toString('utf8');
    const deviceKey = createPrivateKey(key);
    if (deviceKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return fail(keyTypeFault(subject, 'P-256'));
    if (!x509.checkPrivateKey(deviceKey)) return fail(keyFault());
    if (Date.parse(x509.validTo) <= clock.now()) return fail(expiredFault());
    const authority = read('uplink.authorityFile', config.uplink.authorityFile).toString('utf8');
    const policyKey = createPublicKey(read('policy.publicKeyFile', config.policy.publicKeyFile));
    if (policyKey.asymmetricKeyType !== 'ed25519') return fail(keyTypeFault(subject, 'Ed25519'));
    const device = deviceIdOf(x509.publicKey);
    return ok({ vin: vin.value, secret, device, deviceKey, certificate, key, authority, policyKey });
  } catch (cause) {
    return fail(unreadable(subject, causeText(cause)));
  }
}

function vinFault(code: string): IdentityFault {
  return {
    code: 'VIN_INVALID',
    problem: bilingual(
      `the VIN in \`vehicle.vinFile\` is not valid: ${code}`,
      `\`vehicle.vinFile\` 中的车辆识别代号无效：${code}`,
    ),
    remedy: bilingual('write the 17 characters of the vehicle, upper case', '请写入该车辆的 17 位大写识别代号'),
    retry: 'after-remedy',
  };
}

function secretFault(): IdentityFault {
  return {
    code: 'SECRET_TOO_SHORT',
    problem: bilingual('`vehicle.secretFile` holds fewer than 32 bytes', '`vehicle.secretFile` 不足 32 字节'),
    remedy: bilingual(
      'provision 32 random bytes for this vehicle and keep them',
      '请为该车辆写入 32 字节随机数并妥善保存',
    ),
    retry: 'after-remedy',
  };
}

function keyFault(): IdentityFault {
  return {
    code: 'KEY_MISMATCH',
    problem: bilingual(
      '`uplink.keyFile` is not the key of `uplink.certificateFile`',
      '`uplink.keyFile` 与 `uplink.certificateFile` 不匹配',
    ),
    remedy: bilingual('install the key the certificate was issued for', '请安装与证书对应的私钥'),
    retry: 'after-remedy',
  };
}

/** Signatures of another type have another length or need another check, and would fail only at the first batch. */
function keyTypeFault(subject: string, type: string): IdentityFault {
  return {
    code: 'KEY_TYPE',
    problem: bilingual(`\`${subject}\` holds no ${type} key`, `\`${subject}\` 中不是 ${type} 密钥`),
    remedy: bilingual(`install a ${type} key`, `请安装 ${type} 密钥`),
    retry: 'after-remedy',
  };
}

function expiredFault(): IdentityFault {
  return {
    code: 'CERTIFICATE_EXPIRED',
    problem: bilingual("the device's certificate has expired", '设备证书已过期'),
    remedy: bilingual('renew it, or check the clock of the vehicle', '请更新证书，或检查车辆时钟'),
    retry: 'after-remedy',
  };
}

function unreadable(subject: string, cause: string): IdentityFault {
  return {
    code: 'FILE_UNREADABLE',
    problem: bilingual(
      `the file of \`${subject}\` cannot be read: ${cause}`,
      `无法读取 \`${subject}\` 的文件：${cause}`,
    ),
    remedy: bilingual(
      'check the path, what stands in the file, and the rights of the user that runs the agent',
      '请检查路径、文件内容及运行用户的权限',
    ),
    retry: 'after-remedy',
  };
}
