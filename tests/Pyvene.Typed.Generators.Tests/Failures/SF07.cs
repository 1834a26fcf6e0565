// SF07: the index of a query head is used on key/value heads, of which there are fewer.
// Descriptor: views
// Caught by: CS1929 PVT221
var experiment = ToyViews.Experiment.Zero(ToyViews.Layer(0).Key.Head(11));
Console.WriteLine(experiment);
