/** A certificate made on the spot (X.509 in DER by hand): no private key lies in the repository, none expires. */
import { generateKeyPairSync, sign } from 'node:crypto';

const ECDSA_SHA256 = '06082a8648ce3d040302';
const COMMON_NAME = '0603550403';
const SUBJECT_ALT_NAME = '0603551d11';

export function selfSigned(host: string): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const algorithm = node(0x30, hex(ECDSA_SHA256));
  const commonName = node(0x30, hex(COMMON_NAME), node(0x0c, Buffer.from(host)));
  const name = node(0x30, node(0x31, commonName));
  const validity = node(0x30, node(0x17, ascii('240101000000Z')), node(0x18, ascii('21001231235959Z')));
  const names = node(0x30, node(0x82, ascii(host)));
  const extension = node(0x30, hex(SUBJECT_ALT_NAME), node(0x04, names));
  const toBeSigned = node(
    0x30,
    node(0xa0, node(0x02, Buffer.from([2]))),
    node(0x02, Buffer.from([1])),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    node(0xa3, node(0x30, extension)),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const der = node(0x30, toBeSigned, algorithm, node(0x03, Buffer.from([0]), signature));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  };
}

function node(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head =
    length < 128
      ? [tag, length]
      : length < 256
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(head), content]);
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}

function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
