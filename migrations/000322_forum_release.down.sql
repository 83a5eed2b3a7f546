DROP FUNCTION app.guest_seat_words(), app.seat_words(uuid), app._released_words(uuid[]);
DROP TABLE app.forum_released;
DROP FUNCTION app.forum_released_put();
SELECT meta.settle();
