/** Keys of the settings that the composition itself keeps in the registry. */
export const THEME_SETTING = 'preview.theme';
export const POSTURE_SETTING = 'workbench.posture';
