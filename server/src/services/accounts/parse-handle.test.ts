import { describe, expect, test } from 'vitest';
import { parseHandle } from './parse-handle.ts';

describe('what a person types or pastes becomes a handle', () => {
  test.each([
    ['instagram', ' @North_A ', 'north_a'],
    ['instagram', 'https://www.instagram.com/North_A/?x=1', 'north_a'],
    ['instagram', 'instagram.com/north_a', 'north_a'],
    ['instagram', 'http://m.instagram.com/north_a/', 'north_a'],
    ['instagram', 'HTTPS://WWW.INSTAGRAM.COM/NORTH_A#top', 'north_a'],
    ['instagram', 'a', 'a'],
    ['instagram', 'explore', 'explore'],
    ['instagram', '@p', 'p'],
    ['instagram', 'abc.', 'abc.'],
    ['instagram', 'x'.repeat(30), 'x'.repeat(30)],
    ['tiktok', '@Oak_Rye', 'oak_rye'],
    ['tiktok', 'https://www.tiktok.com/@Oak_Rye?lang=en', 'oak_rye'],
    ['tiktok', 'tiktok.com/@oak.rye/', 'oak.rye'],
    ['tiktok', 'ab', 'ab'],
    ['tiktok', '__proto__', '__proto__'],
    ['instagram', 'constructor', 'constructor'],
    ['tiktok', 'x'.repeat(24), 'x'.repeat(24)],
  ] as const)('%s: %s', (platform, text, handle) => {
    expect(parseHandle(platform, text)).toBe(handle);
  });
});

describe('what is no handle of the platform is refused', () => {
  test.each([
    ['instagram', 'x'.repeat(31)],
    ['instagram', 'has space'],
    ['instagram', ''],
    ['instagram', '@'],
    ['instagram', 'ünïcode'],
    ['instagram', 'https://www.instagram.com/'],
    ['instagram', 'https://www.instagram.com/p/Cabc123/'],
    ['instagram', 'https://www.instagram.com/north_a/reel/Cabc123/'],
    ['instagram', 'https://www.tiktok.com/@oak_rye'],
    ['instagram', 'https://instagram.com.evil.example/north_a'],
    ['instagram', 'north_a/'],
    ['instagram', 'https://www.instagram.com/explore/'],
    ['instagram', 'instagram.com/p'],
    ['instagram', 'https://instagram.com/Reels?x=1'],
    ['instagram', 'https://instagram.com'],
    ['instagram', 'instagram.com'],
    ['instagram', 'WWW.Instagram.com'],
    ['instagram', 'tiktok.com'],
    ['tiktok', 'tiktok.com'],
    ['tiktok', 'm.tiktok.com'],
    ['tiktok', 'https://www.tiktok.com/'],
    ['tiktok', 'a'],
    ['tiktok', 'abc.'],
    ['tiktok', 'x'.repeat(25)],
    ['tiktok', 'https://www.tiktok.com/oak_rye'],
    ['tiktok', 'https://www.tiktok.com/@oak_rye/video/7123456789012345678'],
    ['tiktok', 'https://www.instagram.com/north_a'],
    ['tiktok', 'https://vm.tiktok.com/@oak_rye'],
  ] as const)('%s: %s', (platform, text) => {
    expect(parseHandle(platform, text)).toBeNull();
  });
});
