using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>
/// Is a multinomial logistic regression with an L2 penalty on standardised values, fitted by L-BFGS on all examples (Liu and Nocedal 1989) until the gradient
/// is small: the same examples give the same bits.
/// </summary>
/// <param name="Weight">float64 [width, class], of values that are not standardised.</param>
/// <param name="Bias">float64 [class].</param>
internal sealed record LogisticRegression(Tensor Weight, Tensor Bias)
{
    private const int Steps = 500;
    private const int Memory = 10;
    private const double SmallGradient = 1e-7; // of the mean loss

    /// <summary>Fits it; the tensors belong to the current dispose scope.</summary>
    /// <param name="examples">The values and their classes.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="penalty">The weight of the squared weights beside the summed loss.</param>
    /// <param name="standardised">Whether the penalty is on the weights of standardised values; else on those of the values as they are.</param>
    public static LogisticRegression Fit(LabelledValues examples, int classes, double penalty, bool standardised = true)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var values = examples.Values; // [example, width]
        var mean = values.mean([0]); // [width]
        var centred = values.sub(mean); // [example, width]
        var deviation = centred.mul(centred).mean([0]).sqrt(); // [width]
        deviation = deviation.where(deviation.gt(Scalars.Of(standardised ? 1e-12 : double.MaxValue)), ones_like(deviation)); // what is constant stays 0
        var count = Scalars.Of(values.shape[0]);
        var design = cat([centred.div(deviation), ones([values.shape[0], 1], dtype: float64)], 1); // [example, width + 1]
        var targets = examples.Indicators(classes); // [example, class]
        var decay = ones([design.shape[1], 1], dtype: float64).mul(Scalars.Of(penalty / values.shape[0])); // [width + 1, 1]
        decay.select(0, -1).zero_(); // the bias is free

        var found = Minimise(zeros([design.shape[1], classes], dtype: float64), Loss); // [width + 1, class]
        var weight = found.narrow(0, 0, values.shape[1]).div(deviation.unsqueeze(1)); // [width, class]
        var bias = found.select(0, -1).sub(mean.unsqueeze(0).matmul(weight).squeeze(0)); // [class]
        return new LogisticRegression(weight.MoveToOuterDisposeScope(), bias.MoveToOuterDisposeScope());

        (double Value, Tensor Gradient) Loss(Tensor point)
        {
            using var step = NewDisposeScope();
            var likelihoods = design.matmul(point).log_softmax(1); // [example, class]
            var shrunk = point.mul(decay); // [width + 1, class]
            var value = likelihoods.mul(targets).sum().div(count).neg().add(shrunk.mul(point).sum().mul(Scalars.Of(0.5)), Scalars.Of(1));
            var gradient = design.mT.matmul(likelihoods.exp().sub(targets)).div(count).add(shrunk, Scalars.Of(1)); // [width + 1, class]
            return (value.item<double>(), gradient.MoveToOuterDisposeScope());
        }
    }

    /// <summary>Returns the likeliest class of each value.</summary>
    /// <param name="values">float64 [example, width].</param>
    public int[] Classify(Tensor values)
    {
        using var scope = NewDisposeScope();
        return [.. values.matmul(Weight).add(Bias, Scalars.Of(1)).argmax(1).data<long>().ToArray().Select(label => (int)label)];
    }

    // The loss is convex, so that steps that go down enough suffice.
    private static Tensor Minimise(Tensor start, Func<Tensor, (double Value, Tensor Gradient)> loss)
    {
        var point = start;
        var (value, gradient) = loss(point);
        var pairs = new LinkedList<(Tensor Step, Tensor Change, double Product)>();
        for (var step = 0; step < Steps && gradient.abs().max().item<double>() > SmallGradient; step++)
        {
            var direction = Direction(gradient, pairs);
            var slope = Dot(direction, gradient);
            var (length, next, nextValue, nextGradient) = (pairs.Count == 0 ? 1 / Math.Max(1, gradient.norm().item<double>()) : 1.0, point, value, gradient);
            for (var tries = 0; tries < 40; tries++, length /= 2)
            {
                next = point.add(direction, Scalars.Of(length));
                (nextValue, nextGradient) = loss(next);
                if (nextValue <= value + (1e-4 * length * slope)) break;
            }

            if (!(nextValue < value)) break; // as far as rounding lets it go
            var (moved, change) = (next.sub(point), nextGradient.sub(gradient));
            if (Dot(moved, change) is > 1e-300 and var product)
            {
                pairs.AddLast((moved, change, product));
                if (pairs.Count > Memory) pairs.RemoveFirst();
            }

            (point, value, gradient) = (next, nextValue, nextGradient);
        }

        return point;
    }

    private static Tensor Direction(Tensor gradient, LinkedList<(Tensor Step, Tensor Change, double Product)> pairs)
    {
        var direction = gradient.neg();
        var factors = new Stack<double>();
        for (var pair = pairs.Last; pair is not null; pair = pair.Previous)
        {
            factors.Push(Dot(pair.Value.Step, direction) / pair.Value.Product);
            direction = direction.add(pair.Value.Change, Scalars.Of(-factors.Peek()));
        }

        if (pairs.Last is { Value: var last })
        {
            direction = direction.mul(Scalars.Of(last.Product / Dot(last.Change, last.Change)));
        }

        for (var pair = pairs.First; pair is not null; pair = pair.Next)
        {
            direction = direction.add(pair.Value.Step, Scalars.Of(factors.Pop() - (Dot(pair.Value.Change, direction) / pair.Value.Product)));
        }

        return direction;
    }

    private static double Dot(Tensor left, Tensor right) => left.mul(right).sum().item<double>();
}
