export default function SearchPalette({ onClose }: { onClose: () => void }) { void onClose; return null; }
