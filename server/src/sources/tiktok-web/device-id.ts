/** The feed wants the id of a device: any will do, until the feed stands still for one. */
export interface DeviceId {
  current(): string;
  replace(): void;
}

const lowest = 7_250_000_000_000_000_000n;
const span = 75_000_000_000_000_000n;

export function createDeviceId(random: () => number = Math.random): DeviceId {
  const draw = () => String(lowest + (BigInt(Math.floor(random() * 2 ** 32)) * span) / 2n ** 32n);
  let id = draw();
  return {
    current: () => id,
    replace() {
      id = draw();
    },
  };
}
