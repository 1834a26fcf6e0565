// Time steps of a recurrent model, in the same words as positions.
Console.WriteLine(Gru.Experiment.Interchange(Gru.Layer(0).CellOutput.AtStep(3).ReadAt(4))
    .Zero(Gru.Layer(0).CellOutput.AtStep(0, ^1))
    .Zero(Gru.Layer(0).CellOutput.AtStep(1..3)));
