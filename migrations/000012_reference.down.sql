DROP TABLE app.reference_item;
