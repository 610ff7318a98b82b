import { App } from 'antd';
import { isProblem } from '@/api/problem';
import { common } from '@/ui/texts';
import { useProblem } from '@/ui/useProblem';

interface Words {
  title: string;
  help: string;
  ok: string;
}

/** Saves; when the change would shut its author out, asks once more and saves with `confirm`. */
export function useConfirmedSave(words: Words) {
  const { modal } = App.useApp();
  const { showProblem } = useProblem();
  return async (save: (confirm: boolean) => Promise<unknown>, onSaved: () => void): Promise<void> => {
    const attempt = async (confirm: boolean): Promise<void> => {
      try {
        await save(confirm);
        onSaved();
      } catch (error) {
        const locks = isProblem(error, 'invalid') && error.fields.some((field) => field.key === 'would_lock_you_out');
        if (!locks) return showProblem(error);
        modal.confirm({
          title: words.title,
          content: words.help,
          okText: words.ok,
          okButtonProps: { danger: true },
          cancelText: common.text('cancel'),
          onOk: () => attempt(true),
        });
      }
    };
    await attempt(false);
  };
}
