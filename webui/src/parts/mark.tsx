/** The sign of Croft: a house with a tick in it. */
export function Mark({ size }: { size: number }) {
  return (
    <svg class="mark" viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      <rect width="32" height="32" rx="8" class="mark-ground" />
      <path d="M7 16 16 8l9 8M10 17v7h12v-7" class="mark-house" />
      <path d="m13.4 19.6 2 2 3.6-3.8" class="mark-tick" />
    </svg>
  );
}
