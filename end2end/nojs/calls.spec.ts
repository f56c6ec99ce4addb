import { CALLS, expect, field, path, row, test } from '../fixtures/test';

test.describe('without JavaScript', () => {
  test('calls are filtered and opened', async ({ page, server }) => {
    await server.inboundCall('1', '+14155550111');
    await server.inboundCall('2', '+14155550122');
    await server.endCall('2', 'hangup', '+14155550122');
    await page.goto(CALLS);
    await field(page, 'Outcome').selectOption('Answered');
    await page.getByRole('button', { name: 'Apply' }).click();
    expect(new URL(page.url()).searchParams.get('outcome')).toBe('answered');
    await expect(page.locator('tbody tr')).toHaveCount(1);
    await row(page, '+14155550122').getByRole('link').first().click();
    await expect(page.getByRole('region', { name: 'History' }).getByRole('listitem').last()).toContainText('Ended');
  });

  test('retention is saved, and a refused one comes back', async ({ page, server, guard }) => {
    guard.expectRefusal(422, /^\/dashboard\/calls$/);
    await page.goto(`${CALLS}?retention=1`);
    const dialog = page.getByRole('dialog', { name: 'Retention of Calls' });
    await field(dialog, 'Days').fill('many');
    await dialog.getByRole('button', { name: 'Save Retention' }).click();
    await expect(field(dialog, 'Days')).toHaveValue('many');
    await expect(dialog.getByText('Enter a whole number of days from 1 to 3650')).toBeVisible();
    await field(dialog, 'Days').fill('30');
    await dialog.getByRole('button', { name: 'Save Retention' }).click();
    expect(path(page)).toBe(CALLS);
    expect(await server.get('/settings/calls')).toEqual({ retention_days: 30 });
  });

  test('call is replayed by a form with GET', async ({ page, guard }) => {
    guard.expectRefusal(422, /^\/dashboard\/calls\/why$/);
    await page.goto(`${CALLS}/why`);
    await field(page, 'Source Address').fill('203.0.113.7');
    await field(page, 'To').fill('+14155550134');
    await page.getByRole('button', { name: 'Replay the Call' }).click();
    const desired = page.getByRole('region', { name: 'Desired State' });
    await expect(desired.getByRole('listitem').filter({ hasText: 'Phone Number' })).toContainText('No carrier has the number');
    await field(page, 'Source Address').fill('carrier.example.com');
    await page.getByRole('button', { name: 'Replay the Call' }).click();
    await expect(page.getByText('Enter one IP address without a port')).toBeVisible();
  });
});
