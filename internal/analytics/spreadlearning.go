package analytics

import "context"

func learningFields(context.Context, *Spread) object { return nil }

func memberLearningFields(context.Context, *Spread, int32) object { return nil }
