// SF11: masked scores hold a sentinel that is taken for a score. Attention is read behind the softmax, where what is masked has the weight 0.
// Here: cannot be written
// Caught by: CS1061
var experiment = Gpt2.Experiment.Collect(Gpt2.Layer(4).HeadScoresBeforeSoftmax, out var scores);
Console.WriteLine((experiment, scores));
